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
    tinyhil::write_reports(tinyhil::wake_word_sample().report(), folder / "wake_word");
    tinyhil::write_reports(tinyhil::crash_sample().report(), folder / "crash");
    tinyhil::write_reports(tinyhil::hostile_sample().report(), folder / "hostile");
    tinyhil::write_reports(tinyhil::empty_sample().report(), folder / "empty");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 4;
  }
  return 0;
}
