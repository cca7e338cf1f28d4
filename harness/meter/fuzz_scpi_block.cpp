// SPDX-License-Identifier: Apache-2.0
// Any bytes as an instrument's answers, in fragments of any size.
#include <algorithm>
#include <cstdlib>

#include "internal/scpi_block.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using tinyhil::meter::ScpiAnswer;
  if (size < 2) return 0;
  const std::size_t fragment = bytes[0] + 1U;
  std::span<const std::uint8_t> rest(bytes + 1, size - 1);
  for (auto kind : {ScpiAnswer::Kind::block, ScpiAnswer::Kind::line}) {
    ScpiAnswer answer(kind, 64);
    while (!rest.empty() && answer.state() == ScpiAnswer::State::more) {
      std::span<const std::uint8_t> part = rest.first(std::min(fragment, rest.size()));
      const std::size_t before = part.size();
      answer.feed(part);
      rest = rest.subspan(before - part.size());
    }
    if (answer.bytes().size() > 64) std::abort();
  }
  return 0;
}
