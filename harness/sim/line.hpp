// SPDX-License-Identifier: Apache-2.0
// One direction of a UART cable with a USB adapter, in virtual time. Pure: its owner moves the bytes
// and passes the time in.
//
//   offered -> damage -> wire (one byte after the other, ten bits each) -> adapter (gathers) -> taken
//
// The wire's clock has no drift: byte n of an unbroken stream ends 10 n / baud after its start, rounded down
// to a nanosecond, however late anybody looks.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <span>
#include <string_view>

#include "line_faults.hpp"
#include "line_text.hpp"

namespace tinyhil::sim {

struct LineSettings {
  std::uint32_t baud = 0;               // bits a second, 8N1; 0: a byte takes no time
  std::uint32_t max_baud = 0;           // above it the cable garbles; 0: no such rate
  std::chrono::nanoseconds latency{0};  // the adapter's timer: longest wait of a byte; 0: does not gather
  std::size_t gather = 62;              // bytes the adapter hands over at once
  std::size_t queue = 4096;             // bytes waiting for the wire before the writer has to
  LineFaults faults = {};
  PrintedText printed = {};  // towards the host only, but for the boot, which is deaf too
};

struct LineCounts {
  FaultCounts faults;
  std::uint64_t bytes_offered = 0;
  std::uint64_t bytes_printed = 0;  // by the board's application, between those
  std::uint64_t bytes_delivered = 0;
  std::uint64_t bytes_unheard = 0;  // the plug was out, or the far side was not open
  std::uint64_t bytes_in_flight = 0;
};

using LineClock = std::chrono::steady_clock;

// When each byte has left the wire.
class WirePace {
 public:
  explicit WirePace(std::uint32_t baud) : baud_(baud) {}

  // The end of the next byte, which starts at `arrival` or when the wire is free, `silence` later.
  LineClock::time_point send(LineClock::time_point arrival, std::chrono::nanoseconds silence);
  void set_baud(std::uint32_t baud);
  std::uint32_t baud() const { return baud_; }

 private:
  LineClock::time_point end() const;

  std::uint32_t baud_;
  LineClock::time_point start_{};  // of an unbroken run of bytes
  std::uint64_t sent_ = 0;         // bytes of that run
};

class LineDirection {
 public:
  using Time = LineClock::time_point;

  LineDirection(const LineSettings& settings, std::uint64_t seed, LineWay way);

  // The board behind the line is switched on: its banner is printed, and it is deaf and dumb until it has
  // booted.
  void power_on(Time now);
  std::size_t room() const;
  // At most room() bytes. What comes while the plug is out is lost.
  void offer(std::span<const std::uint8_t> bytes, Time now);
  // What has come out by now, in the order of the wire.
  std::vector<std::uint8_t> take(Time now);
  // When to take again; never more often than once a millisecond for the sake of a part of what is waiting.
  // Nothing: not before the next offer.
  std::optional<Time> next() const;

  bool drained() const { return wire_.empty() && gathered_.empty(); }
  bool unplugged() const { return unplugged_; }  // by a fault; what came before it is still delivered
  void replug();

  void set_baud(std::uint32_t baud) { pace_.set_baud(baud); }  // of bytes offered from now on
  std::uint32_t baud() const { return pace_.baud(); }
  void unheard(std::size_t taken);  // that many of the bytes taken last reached no one
  LineCounts counts() const;

 private:
  struct Slot {
    Time end;
    std::uint8_t value;
    bool lost;
  };

  void print(std::string_view text, Time at);
  void put_on_wire(Time at);
  void receive(const Slot& slot, std::vector<std::uint8_t>& out);
  void hand_over(std::vector<std::uint8_t>& out);

  LineSettings settings_;
  LineWay way_;
  LineDamage damage_;
  LineText text_;
  WirePace pace_;
  std::vector<WireByte> damaged_;  // scratch of offer()
  std::deque<Slot> wire_;
  std::vector<std::uint8_t> gathered_;
  Time deadline_{};  // of what is gathered
  Time last_take_{};
  Time booted_{};
  bool unplugged_ = false;
  LineCounts counts_;
};

}  // namespace tinyhil::sim
