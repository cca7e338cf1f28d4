// SPDX-License-Identifier: Apache-2.0
// What GDB servers say in packets, read with bounds. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil::probe {

std::string rsp_hex(std::string_view text);   // the digits of its bytes
std::string rsp_number(std::uint64_t value);  // "1a2b", without leading zeros

// The core stopped: "T05thread:1;", "S02". Its signal, as in a Unix system's list; nothing for anything else.
std::optional<int> rsp_stop_signal(std::string_view packet);
// "E01", "E.what is wrong".
bool rsp_is_error(std::string_view packet);

// Of a qSupported reply: "PacketSize" -> "4000", "QStartNoAckMode" -> "+"; at most 256 of them.
std::map<std::string, std::string> rsp_features(std::string_view reply);

struct RspRegister {
  unsigned number = 0;
  unsigned bits = 0;

  bool operator==(const RspRegister&) const = default;
};
// Registers by their lower-case name, from a target description; 512 of them at most. A description may be in
// several parts, which go on numbering where the last one ended: `next` says where.
using RspRegisters = std::map<std::string, RspRegister>;
RspRegisters rsp_registers(std::string_view xml, unsigned& next);
// Their values in an answer to "g", which has all of them by their number; those of 32 bits or less that are
// known to the server.
std::map<std::string, std::uint32_t> rsp_values(std::string_view digits, const RspRegisters& registers);
// The number whose lowest byte comes first, as registers are sent.
std::uint32_t rsp_word(std::span<const std::uint8_t> bytes);
// The names of the parts that a description includes, at most eight.
std::vector<std::string> rsp_includes(std::string_view xml);

// Flash in a memory map, at most 64 regions.
struct RspFlash {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
  std::uint64_t block = 0;  // of erasing

  bool operator==(const RspFlash&) const = default;
};
std::vector<RspFlash> rsp_flash(std::string_view xml);

}  // namespace tinyhil::probe
