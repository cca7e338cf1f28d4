// SPDX-License-Identifier: Apache-2.0
#include "error_kind.hpp"

#include <gtest/gtest.h>

#include "exit_code.hpp"

namespace tinyhil {
namespace {

TEST(ErrorKindOfAnExitCode, IsTheOneThatEndsWithThisCode) {
  for (const ErrorKind kind : {ErrorKind::usage, ErrorKind::bench_fault, ErrorKind::wrong_image,
                               ErrorKind::no_lease, ErrorKind::lease_lost, ErrorKind::time_limit})
    EXPECT_EQ(error_kind(static_cast<int>(exit_code(kind))), kind);
}

TEST(ErrorKindOfAnExitCode, IsABenchFaultWhereNoKindHasTheCode) {
  EXPECT_EQ(error_kind(77), ErrorKind::bench_fault);
  EXPECT_EQ(error_kind(-9), ErrorKind::bench_fault);
}

}  // namespace
}  // namespace tinyhil
