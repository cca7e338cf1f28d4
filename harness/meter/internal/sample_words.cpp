// SPDX-License-Identifier: Apache-2.0
#include "sample_words.hpp"

#include "base/error.hpp"
#include "meter/internal/word_readers.hpp"

namespace tinyhil::meter {

const char* to_string(WordFormat format) {
  switch (format) {
    case WordFormat::ppk2_u32:
      return "ppk2_u32";
    case WordFormat::lpm01a_u16:
      return "lpm01a_u16";
    case WordFormat::amperes_f32:
      return "amperes_f32";
  }
  return "unknown";
}

std::size_t width(WordFormat format) { return format == WordFormat::lpm01a_u16 ? 2 : 4; }

bool has_lines(WordFormat format) { return format == WordFormat::ppk2_u32; }

std::unique_ptr<WordReader> word_reader(WordFormat format, const std::string& calibration) {
  switch (format) {
    case WordFormat::ppk2_u32:
      return make_ppk2_u32_reader(calibration);
    case WordFormat::lpm01a_u16:
      return make_lpm01a_u16_reader(calibration);
    case WordFormat::amperes_f32:
      return make_amperes_f32_reader(calibration);
  }
  throw Error(ErrorKind::usage, std::string("no reader knows words of the format ") + to_string(format),
              "recorded trace", "read it with the version of tinyhil that recorded it");
}

}  // namespace tinyhil::meter
