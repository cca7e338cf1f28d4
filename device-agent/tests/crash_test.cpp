// SPDX-License-Identifier: Apache-2.0
// What the host learns of a crash after the reset.
#include "running.hpp"
#include "thil/fault.h"

namespace agent_test {
namespace {

struct Crash : Running {
  // In the inference under way, as a port's fault handler and the reset after it.
  static void crash() { thil_fault_save(THIL_FAULT_PROCESSOR, 0x8200, 0x1001, 0x2003, 0x20000F00); }

  void crash_in_second_repeat() {
    fake_engine_on_invoke(crash);
    begin(run(1, 1, 3), 2);
    fake_engine_on_invoke(nullptr);
    host.start();
  }

  thil_crash last() {
    host.epoch++;
    return host.hello().as<thil_identity>().crash;
  }
};

TEST_F(Crash, IsPartOfTheIdentityAfterTheReset) {
  crash_in_second_repeat();
  const thil_crash record = last();
  EXPECT_EQ(record.cause, std::uint32_t{THIL_FAULT_PROCESSOR});
  EXPECT_EQ(record.status, 0x8200u);
  EXPECT_EQ(record.pc, 0x1001u);
  EXPECT_EQ(record.lr, 0x2003u);
  EXPECT_EQ(record.sp, 0x20000F00u);
  EXPECT_EQ(record.run, 42u);
  EXPECT_EQ(record.vector, 1000u) << "the run's first vector is number 1000 of the host's";
  EXPECT_EQ(record.model, 0u);
  EXPECT_EQ(record.repeat, 1u);
}

TEST_F(Crash, IsKeptOverHellosAndResetsAndARefusedRun) {
  crash_in_second_repeat();
  last();
  host.start();
  EXPECT_EQ(last().run, 42u);
  EXPECT_EQ(host.refusal(run(0, 1)).reason, THIL_REFUSED_EMPTY_SLOT);
  EXPECT_EQ(last().run, 42u);
}

TEST_F(Crash, IsForgottenWhenARunIsAccepted) {
  crash_in_second_repeat();
  host.hello();
  host.push(THIL_SLOT_MODEL, 0, fake_model(4, 2));
  host.push(THIL_SLOT_VECTORS, kVectors, {1, 1, 1, 1});
  load(0);
  EXPECT_EQ(last().run, 42u);
  start(run(0, 1));
  EXPECT_EQ(last().cause, 0u);
  host.start();
  EXPECT_EQ(last().cause, 0u);
}

TEST_F(Crash, OutsideAnInferenceBlamesNone) {
  start(run(0, 1));
  crash();
  host.start();
  EXPECT_EQ(last().cause, std::uint32_t{THIL_FAULT_PROCESSOR});
  EXPECT_EQ(last().run, 0u);
}

}  // namespace
}  // namespace agent_test
