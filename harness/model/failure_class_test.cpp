// SPDX-License-Identifier: Apache-2.0
#include "failure_class.hpp"

#include <gtest/gtest.h>

namespace tinyhil {
namespace {

struct ErrorRow {
  ErrorKind kind;
  std::optional<FailureClass> of;
  bool is_retried;
};

// clang-format off
constexpr ErrorRow kErrors[] = {
    {ErrorKind::usage,           FailureClass::configuration, false},
    {ErrorKind::bench_fault,     FailureClass::bench,         true},
    {ErrorKind::wrong_image,     FailureClass::image,         false},
    {ErrorKind::no_lease,        FailureClass::bench,         true},
    {ErrorKind::lease_lost,      FailureClass::bench,         true},
    {ErrorKind::queue_full,      FailureClass::bench,         true},
    {ErrorKind::not_found,       FailureClass::configuration, false},
    {ErrorKind::not_allowed,     FailureClass::configuration, false},
    {ErrorKind::output,          FailureClass::configuration, false},
    {ErrorKind::broken_evidence, FailureClass::configuration, false},
    {ErrorKind::not_run_yet,     std::nullopt,                false},
    {ErrorKind::time_limit,      std::nullopt,                false},
    {ErrorKind::hung_up,         std::nullopt,                false},
    {ErrorKind::interrupted,     std::nullopt,                false},
};

struct FaultRow {
  FaultKind kind;
  std::optional<FailureClass> on_real, on_process, outlived;  // the last: not the device's
};

constexpr FaultRow kFaults[] = {
    {FaultKind::timeout,     FailureClass::product, FailureClass::product, FailureClass::bench},
    {FaultKind::corrupt,     FailureClass::bench,   FailureClass::bench,   FailureClass::bench},
    {FaultKind::reset,       FailureClass::product, FailureClass::product, FailureClass::bench},
    {FaultKind::refused,     FailureClass::product, FailureClass::product, FailureClass::bench},
    {FaultKind::wrong_image, FailureClass::image,   FailureClass::image,   FailureClass::image},
    {FaultKind::gone,        FailureClass::bench,   FailureClass::product, FailureClass::bench},
    {FaultKind::remark,      std::nullopt,          std::nullopt,          std::nullopt},
    {FaultKind::read_back,   std::nullopt,          std::nullopt,          std::nullopt},
};
// clang-format on

TEST(FailureClass, OfEachErrorSaysWhoHasToActAndOnlyTheBenchIsTriedAgain) {
  for (const ErrorRow& row : kErrors) {
    EXPECT_EQ(failure_class(row.kind), row.of) << static_cast<int>(row.kind);
    EXPECT_EQ(may_be_retried(row.kind), row.is_retried) << static_cast<int>(row.kind);
  }
}

TEST(FailureClass, OfEachFaultDependsOnWhatElseThanTheDeviceIsThere) {
  for (const FaultRow& row : kFaults) {
    const Fault fault{row.kind, "", ""};
    EXPECT_EQ(failure_class(fault, Provenance::real), row.on_real) << to_string(row.kind);
    EXPECT_EQ(failure_class(fault, Provenance::process), row.on_process) << to_string(row.kind);
    EXPECT_EQ(failure_class(SurvivedFault{fault, {}, false}), row.outlived) << to_string(row.kind);
    EXPECT_EQ(failure_class(SurvivedFault{fault, {}, true}), FailureClass::product);
  }
}

TEST(FailureClass, HasAWordForEach) {
  EXPECT_STREQ(to_string(FailureClass::product), "product");
  EXPECT_STREQ(to_string(FailureClass::image), "image");
  EXPECT_STREQ(to_string(FailureClass::board), "board");
  EXPECT_STREQ(to_string(FailureClass::bench), "bench");
  EXPECT_STREQ(to_string(FailureClass::configuration), "configuration");
}

}  // namespace
}  // namespace tinyhil
