// SPDX-License-Identifier: Apache-2.0
#include "fault_files.hpp"

#include <gmock/gmock.h>

#include "base/digest.hpp"
#include "base/file_content.hpp"
#include "testing/folder.hpp"

namespace tinyhil::campaign {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::vector<std::uint8_t> kCore = {1, 2, 3};

TEST(FaultFiles, NameWhatTheyKeepAndItsDigest) {
  const test::TestFolder desk;
  FaultFiles files(faults_beside(desk.path() / "results.db"), "m4");
  EXPECT_EQ(files.keep_core(7, kCore),
            "core dump faults/run-7-m4-1.core (SHA-256 " + sha256(kCore).hex() + ")");
  EXPECT_THAT(files.keep_core(7, kCore), StartsWith("core dump faults/run-7-m4-2.core"));
  EXPECT_EQ(read_file(desk.path() / "faults/run-7-m4-1.core", 100, "core"), kCore);
}

TEST(FaultFiles, OverwriteNothingThatAnEarlierRunHasKept) {
  const test::TestFolder desk;
  const auto folder = faults_beside(desk.path() / "results.db");
  FaultFiles(folder, "m4").keep_core(7, kCore);
  EXPECT_THAT(FaultFiles(folder, "m4").keep_core(7, kCore), HasSubstr("run-7-m4-2.core"));
}

TEST(FaultFiles, HaveALogOfEachExecution) {
  const test::TestFolder desk;
  const FaultFiles files(desk.path() / "faults", "m4");
  EXPECT_EQ(files.new_log(), desk.path() / "faults/m4-1.log");
  desk.write("faults/m4-1.log", "of an earlier one");
  EXPECT_EQ(files.new_log(), desk.path() / "faults/m4-2.log");
}

TEST(FaultFiles, AreBounded) {
  const test::TestFolder desk;
  FaultFiles files(desk.path() / "faults", "m4");
  for (int i = 0; i < 20; ++i) EXPECT_THAT(files.keep_core(1, kCore), StartsWith("core dump"));
  EXPECT_THAT(files.keep_core(1, kCore), HasSubstr("there are 20 already"));
  EXPECT_FALSE(std::filesystem::exists(desk.path() / "faults/run-1-m4-21.core"));
}

TEST(FaultFiles, ThatCannotBeWrittenAreNoFurtherFault) {
  const test::TestFolder desk;
  desk.write("faults", "a file");
  FaultFiles files(desk.path() / "faults", "m4");
  EXPECT_THAT(files.keep_core(1, kCore), StartsWith("the core dump could not be kept: "));
}

}  // namespace
}  // namespace tinyhil::campaign
