// SPDX-License-Identifier: Apache-2.0
// Any bytes from a GDB server, as packets and as what stands in them.
#include <cstdlib>

#include "base/hex.hpp"
#include "internal/rsp_packet.hpp"
#include "internal/rsp_text.hpp"

namespace {

using namespace tinyhil::probe;

void expect(bool holds) {
  if (!holds) std::abort();
}

void read_content(std::string_view content) {
  unsigned next = 0;
  const RspRegisters registers = rsp_registers(content, next);
  expect(registers.size() <= 512 && rsp_values(content, registers).size() <= registers.size());
  expect(rsp_includes(content).size() <= 8);
  for (const RspFlash& flash : rsp_flash(content))
    expect(flash.block > 0 && flash.begin + flash.size > flash.begin);
  expect(rsp_features(content).size() <= 256);
  rsp_stop_signal(content);
  rsp_is_error(content);
  const auto bytes = tinyhil::from_hex(content);
  expect(!bytes || bytes->size() * 2 == content.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  read_content(text);
  RspReader reader;
  reader.push(text.substr(0, size / 2));
  while (const auto item = reader.next()) read_content(item->content);
  reader.push(text.substr(size / 2));
  while (const auto item = reader.next()) expect(item->content.size() <= kRspContentMost);
  RspReader again;
  again.push(rsp_packet(text));
  const auto item = again.next();
  expect(item && item->kind == RspItem::Kind::packet && item->content == text);
  return 0;
}
