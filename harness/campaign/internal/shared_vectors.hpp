// SPDX-License-Identifier: Apache-2.0
// The vectors of a run that several boards take from (sampling/vector_pool.hpp). A board that finds nothing
// waits for the others: what one of them has under way may come free again. All runs in the executor's one
// thread.
#pragma once

#include "change_signal.hpp"
#include "sampling/vector_pool.hpp"

namespace tinyhil::campaign {

class SharedVectors {
 public:
  SharedVectors(const asio::any_io_executor& executor, sampling::VectorPool pool)
      : pool_(std::move(pool)), changed_(executor) {}

  // Nothing when all vectors before the wish's end are run; what the board took before is done.
  asio::awaitable<std::optional<sampling::Portion>> take(std::size_t board, sampling::PortionWish wish) {
    while (true) {
      const std::optional<sampling::Portion> portion = pool_.take(board, wish);
      if (portion) co_return portion;
      if (pool_.is_done(wish.end)) {
        changed_.tell();
        co_return std::nullopt;
      }
      co_await changed_.wait();
    }
  }

  // As VectorPool::leave(), for the others to go on with.
  void leave(std::size_t board, const std::function<bool(std::uint32_t position)>& has_run) {
    pool_.leave(board, has_run);
    changed_.tell();
  }

 private:
  sampling::VectorPool pool_;
  ChangeSignal changed_;
};

}  // namespace tinyhil::campaign
