// SPDX-License-Identifier: Apache-2.0
// A bad line around a good one, for tests: flips bits, loses, doubles and delays pieces, in both directions,
// by seed.
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "transport/transport.hpp"

namespace tinyhil::test {

struct LineFaults {
  double bit = 0;   // chance of a bit to be flipped
  double lost = 0;  // of a piece, as the next two
  double doubled = 0;
  double delayed = 0;
};

class FaultyTransport : public transport::Transport {
 public:
  FaultyTransport(asio::any_io_executor executor, std::unique_ptr<transport::Transport> inner, unsigned seed)
      : inner_(std::move(inner)), timer_(executor), random_(seed) {}

  // A good line until then: a second copy of what a device says at start is a reset to the host.
  void begin(LineFaults faults) { faults_ = faults; }

  Result<std::size_t> read_some(std::span<std::uint8_t> into) override {
    std::vector<std::uint8_t> piece(kPieceMax);
    Result<std::size_t> size = inner_->read_some(piece);
    if (!size) return size;
    piece.resize(*size);
    pass(piece, held_);
    if (strikes(faults_.delayed)) timer_.expires_after(kDelay);
    if (timer_.expiry() > asio::steady_timer::clock_type::now()) return std::size_t{0};
    const std::size_t taken = std::min(into.size(), held_.size());
    std::copy_n(held_.begin(), taken, into.begin());
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(taken));
    return taken;
  }

  // What cannot be written at once waits in here.
  Result<std::size_t> write_some(std::span<const std::uint8_t> bytes) override {
    const std::size_t taken = waiting_.empty() ? std::min(bytes.size(), kPieceMax) : 0;
    pass(bytes.first(taken), waiting_);
    Result<std::size_t> size = inner_->write_some(waiting_);
    if (!size) return size;
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(*size));
    return taken;
  }

  asio::awaitable<void> wait(Until until) override {
    if (until == Until::readable && !held_.empty()) {
      boost::system::error_code stopped;
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, stopped));
    } else {
      co_await inner_->wait(until);
    }
  }
  void stop_waiting() override {
    timer_.cancel();
    inner_->stop_waiting();
  }

  std::string describe() const override { return "faulty " + inner_->describe(); }

 private:
  static constexpr std::size_t kPieceMax = 700;
  static constexpr std::chrono::milliseconds kDelay{3};

  bool strikes(double chance) { return std::bernoulli_distribution(chance)(random_); }

  void pass(std::span<const std::uint8_t> piece, std::vector<std::uint8_t>& to) {
    if (piece.empty() || strikes(faults_.lost)) return;
    for (int copies = strikes(faults_.doubled) ? 2 : 1; copies > 0; --copies) {
      const std::size_t begin = to.size();
      to.insert(to.end(), piece.begin(), piece.end());
      std::geometric_distribution<std::size_t> gap(faults_.bit);
      for (std::size_t bit = faults_.bit > 0 ? gap(random_) : SIZE_MAX; bit < 8 * piece.size();
           bit += 1 + gap(random_)) {
        to[begin + bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      }
    }
  }

  std::unique_ptr<transport::Transport> inner_;
  asio::steady_timer timer_;
  std::mt19937 random_;
  LineFaults faults_;
  std::vector<std::uint8_t> held_;     // for the host, once the delay is over
  std::vector<std::uint8_t> waiting_;  // for the device
};

}  // namespace tinyhil::test
