// SPDX-License-Identifier: Apache-2.0
// Any message of a line, and any order of what is done to a window of bytes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "byte_window.hpp"
#include "line_message.hpp"

namespace {

using namespace tinyhil::daemon;

void expect(bool holds) {
  if (!holds) std::abort();
}

void use_window(std::string_view bytes) {
  constexpr std::size_t kMost = 64;
  ByteWindow window(kMost);
  for (const char byte : bytes) {
    const auto number = static_cast<std::uint8_t>(byte);
    const std::uint64_t end = window.end();
    if (number < 128) {
      window.append(
          std::string_view("0123456789").substr(0, std::min<std::size_t>(number % 10, window.room())));
    } else {
      const std::uint64_t offset = window.begin() + number % 16;
      expect(window.drop_to(offset) == (offset <= end));
    }
    expect(window.size() <= kMost && window.from(window.begin(), kMost).size() == window.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto message = line_message(text)) expect(line_message(to_message(*message)).has_value());
  use_window(text);
  return 0;
}
