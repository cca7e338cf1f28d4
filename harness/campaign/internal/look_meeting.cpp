// SPDX-License-Identifier: Apache-2.0
#include "look_meeting.hpp"

#include <utility>

namespace tinyhil::campaign {

LookMeeting::LookMeeting(const asio::any_io_executor& executor, std::size_t boards, Decide decide)
    : boards_(boards), decide_(std::move(decide)), changed_(executor) {}

asio::awaitable<void> LookMeeting::gather() {
  const std::size_t meeting = meetings_;
  ++arrived_;
  while (meeting == meetings_) {
    if (arrived_ < boards_) {
      co_await changed_.wait();
    } else {
      end();
    }
  }
}

// The last one decides; or, when that one has left, the first of the others to notice.
asio::awaitable<Settled> LookMeeting::arrive(std::uint64_t look) {
  const std::size_t meeting = meetings_;
  ++arrived_;
  while (meeting == meetings_) {
    if (arrived_ < boards_ || is_deciding_) {
      co_await changed_.wait();
      continue;
    }
    is_deciding_ = true;
    settled_ = co_await decide_(look);
    is_deciding_ = false;
    end();
  }
  co_return settled_;
}

void LookMeeting::leave() {
  --boards_;
  changed_.tell();
}

void LookMeeting::end() {
  arrived_ = 0;
  ++meetings_;
  changed_.tell();
}

}  // namespace tinyhil::campaign
