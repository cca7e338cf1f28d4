// SPDX-License-Identifier: Apache-2.0
#include "target.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include "testing/await.hpp"
#include "testing/fake_openocd.hpp"

namespace tinyhil::probe {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

TEST(FaultWords, SayWhatTheBitsMean) {
  EXPECT_EQ(describe(FaultRegisters{}), "no fault");
  EXPECT_EQ(describe(FaultRegisters{1U << 25, 1U << 30, 0, 0}), "division by zero; escalated to a HardFault");
  EXPECT_EQ(describe(FaultRegisters{0x8200, 0, 0, 0x40001234}),
            "bus error on a data access; at address 0x40001234");
  EXPECT_EQ(describe(FaultRegisters{0x82, 0, 0x10, 0}),
            "data access to where none is allowed; at address 0x00000010");
}

TEST(CoreWords, SayWhereAHaltedCoreIs) {
  CoreState state;
  state.word = "running";
  EXPECT_EQ(describe(state), "the core is running; no fault");
  state.word = "halted";
  state.core = {{"pc", 0x1234}, {"lr", 0x5678}, {"sp", 0x20001000}};
  EXPECT_EQ(describe(state), "the core is halted at pc 0x00001234, lr 0x00005678, sp 0x20001000; no fault");
}

struct OnATarget : testing::Test {
  test::FakeOpenOcd fake;
  asio::io_context io{1};
  std::unique_ptr<OpenOcd> openocd = OpenOcd::start(io.get_executor(), fake.settings());
  Target target{*openocd};
};

TEST_F(OnATarget, MemoryIsReadFromAnyAddress) {
  EXPECT_EQ(test::await(io, target.read(0x20000020, 11)).value(),
            (Bytes{'S', 'E', 'G', 'G', 'E', 'R', ' ', 'R', 'T', 'T', 0}));
  EXPECT_EQ(test::await(io, target.read(0x20000021, 2)).value(), (Bytes{'E', 'G'}));
  EXPECT_EQ(test::await(io, target.read(0x20000023, 2)).value(), (Bytes{'G', 'E'}));
  EXPECT_EQ(test::await(io, target.read(0x20000020, 0)).value(), Bytes());
}

TEST_F(OnATarget, MemoryIsWrittenAndReadBack) {
  Bytes bytes(9000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
  ASSERT_TRUE(test::await(io, target.write(0x20001001, bytes)));
  EXPECT_EQ(test::await(io, target.read(0x20001001, 9000)).value(), bytes);
}

TEST_F(OnATarget, MemoryThatCannotBeReadIsRefused) {
  fake.say("fail");
  const auto bytes = test::await(io, target.read(0x20000020, 4));
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().kind, FaultKind::refused);
  EXPECT_THAT(bytes.error().what, HasSubstr("failed to read memory"));
}

}  // namespace
}  // namespace tinyhil::probe
