// SPDX-License-Identifier: Apache-2.0
// Fills slots, one block after the other, with a window of chunks under way: while the end of one block is
// being digested and the beginning of the next acknowledged, chunks go on. Lost chunks alone are sent again,
// and where many are lost they become smaller.
#pragma once

#include <chrono>
#include <deque>
#include <vector>

#include "activity.hpp"
#include "push_block.hpp"

namespace tinyhil {

class PushStream : public Activity {
 public:
  // `silence_limit`: how long the device may say nothing; kTalkFactor times as long it may get nowhere.
  PushStream(std::vector<PushBlock> blocks, std::chrono::milliseconds silence_limit);

  // Blocks 0 .. completed()-1 are in their slots and verified.
  std::size_t completed() const { return first_; }

  void fill(Session& session, Time now) override;
  void take(const FrameView& frame, Session& session, Time now) override;
  Time wake(const Session& session) const override;
  bool finished() const override { return fault_ || first_ == blocks_.size(); }
  const std::optional<Fault>& fault() const override { return fault_; }

 private:
  enum class Stage { begin, chunks, end, done };
  struct Progress {  // of one block
    Stage stage = Stage::begin;
    bool under_way = false;          // begin or end is
    bool is_ended = false;           // an end was sent since the beginning
    std::uint32_t unsent = 0;        // offset from which nothing was sent yet
    std::vector<ContentRange> lost;  // to be sent again
    std::size_t chunks_out = 0;      // under way
  };
  struct Flight {  // a frame under way
    std::uint16_t sequence;
    Time sent;
    std::size_t block;
    Stage stage;
    ContentRange range;
    bool asks;
  };

  bool send_next(Session& session, Time now);
  bool send_mark(Session& session, Time now, std::size_t block);
  bool send_chunk(Session& session, Time now, std::size_t block);
  bool has_chunk(std::size_t block) const;
  bool is_sent(std::size_t block) const;
  bool is_asked() const;
  bool asks(const Session& session, std::size_t block) const;
  void take_reply(const FrameView& frame, Session& session, Time now);
  void take_report(const FrameView& frame, Session& session, Time now);
  void settle(const Flight& flight, bool arrived, Time now);
  void answered(std::size_t block, Stage stage, Time now);
  std::size_t chunk_size(std::size_t block) const;
  static void note_closed(Progress& progress);
  void retreat(std::size_t block);
  void await_answer(const Session& session, Time now);
  void time_out(Session& session, Time now);

  std::vector<PushBlock> blocks_;
  std::vector<Progress> progress_;
  std::deque<Flight> flights_;  // in order of their numbers
  std::size_t first_ = 0;       // block that is not done
  std::size_t chunk_size_;      // bytes of payload a chunk may carry just now
  unsigned since_asked_ = 0;
  unsigned fruitless_ = 0;  // frames lost since one arrived
  unsigned retreats_ = 0;
  int silent_tries_ = 0;
  std::chrono::milliseconds silence_limit_;
  Time last_sign_of_life_{};
  Time last_progress_{};
  Time next_try_ = Time::max();
  std::optional<Fault> fault_;
};

}  // namespace tinyhil
