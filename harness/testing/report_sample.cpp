// SPDX-License-Identifier: Apache-2.0
// report_sample DIR: writes the reports of all samples, for a look and for the tests that parse them.
#include "report_sample.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: report_sample DIR\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  try {
    tinyhil::report::write_reports(tinyhil::test::wake_word_sample().report(), folder / "wake_word");
    tinyhil::report::write_reports(tinyhil::test::crash_sample().report(), folder / "crash");
    tinyhil::report::write_reports(tinyhil::test::hostile_sample().report(), folder / "hostile");
    tinyhil::report::write_reports(tinyhil::test::boards_sample().report(), folder / "boards");
    tinyhil::report::write_reports(tinyhil::test::empty_sample().report(), folder / "empty");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 4;
  }
  return 0;
}
