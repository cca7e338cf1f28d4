// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any bytes as a block, and any bytes packed. What unpacks at all packs again to the same bytes;
// what was packed unpacks to what it was.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "thil/rice.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

void require(bool holds) {
  if (!holds) std::abort();
}

void pack_and_unpack(const Bytes& raw, std::uint8_t stride, std::size_t capacity) {
  Bytes packed(capacity);
  thil_rice_block block{packed.data(), packed.size(), 0, 0};
  thil_rice_encode(raw.data(), raw.size(), stride, &block);
  const std::size_t size = block.size, taken = block.taken;
  require(size <= capacity && taken <= raw.size() && (size == 0) == (taken == 0));
  if (size == 0) return;
  packed.resize(size);
  packed.shrink_to_fit();
  Bytes back(taken);
  require(thil_rice_decode(packed.data(), packed.size(), back.data(), back.size()));
  require(back == Bytes(raw.begin(), raw.begin() + static_cast<long>(taken)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 4) return 0;
  const std::size_t number = bytes[0] | bytes[1] << 8;
  const std::uint8_t stride = bytes[2];
  const Bytes rest(bytes + 3, bytes + size);
  Bytes raw(number % 4096);
  if (thil_rice_decode(rest.data(), rest.size(), raw.data(), raw.size())) {
    pack_and_unpack(raw, rest[0], rest.size() + 20 * raw.size());
  }
  pack_and_unpack(rest, stride, number);
  return 0;
}
