// SPDX-License-Identifier: Apache-2.0
// For tests: what a user would read.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

#include "base/error.hpp"

namespace tinyhil::test {

// The Error that `action` throws; throwing none fails the test.
template <class Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error was thrown";
  return Error(ErrorKind::usage, "", "", "");
}

// "where: what; remedy" of the Error(usage) that `action` throws, with `folder` cut from the front;
// "accepted" when it throws none. An Error without a remedy fails the test.
inline std::string complaint(const std::function<void()>& action, const std::filesystem::path& folder = {}) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_FALSE(error.remedy().empty());
    std::string text = error.where() + ": " + error.what() + "; " + error.remedy();
    if (!folder.empty() && text.starts_with(folder.string())) text.erase(0, folder.string().size() + 1);
    return text;
  }
  return "accepted";
}

}  // namespace tinyhil::test
