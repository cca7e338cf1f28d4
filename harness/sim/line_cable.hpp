// SPDX-License-Identifier: Apache-2.0
// Moves bytes between a near end and a board through both directions of a simulated line.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <functional>
#include <optional>

#include "line.hpp"
#include "near_end.hpp"
#include "transport/transport.hpp"

namespace tinyhil::sim {

// One direction with the two coroutines it joins: one offers, one takes, each waits for the other. Bounded:
// a reader waits until the line has room.
class CableFlow {
 public:
  CableFlow(const asio::any_io_executor& executor, const LineSettings& settings, std::uint64_t seed,
            LineWay way);

  asio::awaitable<std::size_t> wait_for_room();  // > 0
  void offer(std::span<const std::uint8_t> bytes);
  void close();  // nothing more will be offered
  // What is due; empty when nothing will come any more, or not before replug().
  asio::awaitable<std::vector<std::uint8_t>> wait_for_bytes();

  LineDirection& line() { return line_; }
  const LineDirection& line() const { return line_; }

 private:
  LineDirection line_;
  asio::steady_timer due_;
  asio::steady_timer room_;
  bool closed_ = false;
};

struct CableSettings {
  LineSettings to_device;
  LineSettings to_host;
  std::uint64_t seed = 0;
  bool host_sets_baud = false;
};

// What the cable joins.
struct CableEnds {
  NearEnd& near;
  transport::Transport& far;
};

enum class CableEnd { near_left, far_left, unplugged };  // how it came to its end

class Cable {
 public:
  // The io_context and both ends are lent. `moved` is called whenever counts have changed.
  Cable(asio::io_context& io, CableEnds ends, const CableSettings& settings, std::function<void()> moved);

  // Until an end leaves for good, or somebody stops the io_context: then nothing.
  std::optional<CableEnd> run();

  const LineDirection& to_device() const { return down_.line(); }
  const LineDirection& to_host() const { return up_.line(); }
  const std::optional<Fault>& far_fault() const { return far_fault_; }  // why the far end left

 private:
  asio::awaitable<void> read_near();
  asio::awaitable<void> write_near();
  asio::awaitable<void> read_far();
  asio::awaitable<void> write_far();
  asio::awaitable<void> farewell();
  bool is_moving() const;
  bool replug(const CableFlow& flow);
  void follow_host();
  void spawn(asio::awaitable<void> task);
  void end(CableEnd how);

  asio::io_context& io_;
  NearEnd& near_;
  transport::Transport& far_;
  bool host_sets_baud_;
  std::function<void()> moved_;
  CableFlow down_;
  CableFlow up_;
  bool near_left_ = false;
  bool writing_near_ = false;
  std::optional<CableEnd> end_;
  std::optional<Fault> far_fault_;
  std::exception_ptr failure_;
};

}  // namespace tinyhil::sim
