// SPDX-License-Identifier: Apache-2.0
// Packets of GDB's remote serial protocol: `$content#sum`, with escapes and runs. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tinyhil::probe {

inline constexpr std::size_t kRspContentMost = 1 << 20;

// `content` may be any bytes.
std::string rsp_packet(std::string_view content);

struct RspItem {
  enum class Kind { packet, notification, accepted, rejected, damaged };
  Kind kind{};
  std::string content{};  // of a packet or a notification, as it was meant

  bool operator==(const RspItem&) const = default;
};

// Takes a stream of bytes apart. What stands between packets is left out.
class RspReader {
 public:
  void push(std::string_view bytes);
  // The next whole item, nothing when more has to come. `damaged`: a packet with a wrong sum, or one that is
  // longer than kRspContentMost or expands to more.
  std::optional<RspItem> next();

 private:
  std::optional<RspItem> whole_item();

  std::string bytes_;
  std::size_t done_ = 0;  // of them
};

}  // namespace tinyhil::probe
