// SPDX-License-Identifier: Apache-2.0
#include "fault_words.hpp"

#include <gtest/gtest.h>

namespace tinyhil::gate {
namespace {

SurvivedFault crash(std::optional<VectorNumber> vector, const std::string& evidence = "") {
  return {{FaultKind::reset, "the device restarted", evidence}, vector, true};
}

TEST(ProgramCounter, IsReadHoweverTheEvidenceSpellsIt) {
  EXPECT_EQ(program_counter("pc=0x080012a4 lr=0x08000801"), "0x080012a4");
  EXPECT_EQ(program_counter("HardFault, PC: 0x080012A4"), "0x080012a4");
  EXPECT_EQ(program_counter("at pc 0x1f"), "0x1f");
}

TEST(ProgramCounter, IsNotMadeUp) {
  EXPECT_EQ(program_counter(""), "");
  EXPECT_EQ(program_counter("no answer"), "");
  EXPECT_EQ(program_counter("rpc=0x12"), "");
  EXPECT_EQ(program_counter("pc=0x"), "");
  EXPECT_EQ(program_counter("pc"), "");
  EXPECT_EQ(program_counter("the pcb 0x12"), "");
}

TEST(FaultWords, NameVectorCauseAndProgramCounter) {
  EXPECT_EQ(told({crash(VectorNumber{17}, "pc=0x080012a4"), crash({})}),
            "vector 17: the device restarted (reset, pc 0x080012a4), the device restarted (reset)");
}

TEST(FaultWords, DoNotSayTheProgramCounterTwice) {
  SurvivedFault fault = crash(VectorNumber{3}, "pc=0x10");
  fault.fault.what = "HardFault at 0x10";
  EXPECT_EQ(told({fault}), "vector 3: HardFault at 0x10 (reset)");
}

TEST(FaultWords, StayShortHoweverManyThereAre) {
  EXPECT_EQ(first_of({1, 2, 3, 4, 5}), "1, 2, 3, 4, 5");
  EXPECT_EQ(first_of({1, 2, 3, 4, 5, 6, 7}), "1, 2, 3, 4, 5 and 2 more");
  EXPECT_LT(told(std::vector<SurvivedFault>(10'000, crash(VectorNumber{17}))).size(), 250u);
}

TEST(FaultWords, TellTheFirstFaultOfTheseVectors) {
  EXPECT_EQ(said_of_first({crash(VectorNumber{4}), crash(VectorNumber{9}, "pc=0x22")}, {8, 9}),
            " (vector 9: the device restarted (reset, pc 0x22))");
  EXPECT_EQ(said_of_first({crash(VectorNumber{4})}, {8, 9}), "");
  SurvivedFault outside = crash(VectorNumber{8});
  outside.of_the_device = false;
  EXPECT_EQ(said_of_first({outside}, {8}), "");
}

}  // namespace
}  // namespace tinyhil::gate
