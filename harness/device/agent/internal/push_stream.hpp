// SPDX-License-Identifier: Apache-2.0
// Fills slots, one block after the other, with a window of chunks under way: while the end of one block is
// being digested and the beginning of the next acknowledged, chunks go on. Lost chunks alone are sent again,
// and where many are lost they become smaller.
#pragma once

#include <chrono>
#include <deque>
#include <vector>

#include "activity.hpp"
#include "device/agent/push_block.hpp"

namespace tinyhil::device {

// What becomes of one block. `Under way`: its begin or its end was sent and is not answered. `Ended`: an end
// was sent since the beginning. `All sent`: no byte is unsent, and none is known to be lost.
//
// clang-format off
//   stage        event                                     next    action
//   -----------  ----------------------------------------  ------  ------------------------------------------
//   begin        room, not under way                       begin   send push_begin: under way
//   begin        done                                      chunks  not under way; an empty block goes to end
//   begin        passed over; or silence, while it is the  begin   not under way, so that it is sent again
//                oldest frame
//   chunks       room, not all sent                        chunks  send a chunk, a lost one before a new one
//   chunks       all sent, at full size                    end
//   chunks       all sent, and reported to have arrived    end
//   end          room, not under way                       end     send push_end: under way, ended
//   end          passed over                               end     not under way, so that it is sent again
//   end          silence, while it is the oldest frame     end     send check
//   chunks, end  report: a chunk arrived                   same    chunks grow
//   chunks, end  report: a chunk is lost; or silence,      chunks  its bytes are lost, chunks shrink; after a
//                while it is the oldest frame                      silence one is sent without room, and asks
//   chunks, end  done, to the end                          done    not under way; what seemed lost was not
//   chunks, end  refused: digest, to the end, when not     chunks  not under way: the end came too early
//                all is sent or a chunk is not reported
//   chunks, end  refused: not pushing, to a chunk, ended   end     nothing is lost: the slot is full already
//   not done     refused: else digest or not pushing       begin   its frames are forgotten; kRetreatsMax
//                                                                  times at most until a block is done
//   not done     refused: otherwise, or once too often     same    fault
//   done         anything                                  done
// clang-format on
//
// A block is begun when the one before it has left `begin`. For all blocks together: nothing heard for
// silence_limit, no progress for kTalkFactor times as long, and more than kLostInARowMax chunks lost in a row
// are faults. transitions_test.cpp goes through the rows.
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
  static constexpr unsigned kAskEvery = 8;  // frames; a report covers 32

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
  void drop_passed_over(const Session& session);
  void take_reply(const FrameView& frame, Session& session, Time now);
  void take_refusal(const Flight& flight, const thil_refused& refusal);
  bool is_too_early(const Flight& flight, const thil_refused& refusal) const;
  void take_report(const FrameView& frame, Session& session, Time now);
  void settle(const Flight& flight, bool arrived, Time now);
  void answered(std::size_t block, Stage stage, Time now);
  std::size_t chunk_size(std::size_t block) const;
  static void note_closed(Progress& progress);
  void retreat(std::size_t block);
  void note_damage(const Session& session, Time now);
  void await_answer(const Session& session, Time now);
  void time_out(Session& session, Time now);

  std::vector<PushBlock> blocks_;
  std::vector<Progress> progress_;
  std::deque<Flight> flights_;  // in order of their numbers
  std::size_t first_ = 0;       // block that is not done
  std::size_t chunk_size_;      // bytes of payload a chunk may carry just now
  unsigned since_asked_ = 0;
  unsigned lost_in_a_row_ = 0;  // frames, since one arrived
  unsigned retreats_ = 0;
  int silent_tries_ = 0;
  std::uint32_t frames_bad_ = 0;
  std::chrono::milliseconds silence_limit_;
  Time last_sign_of_life_{};
  Time last_progress_{};
  Time next_try_ = Time::max();
  std::optional<Fault> fault_;
};

}  // namespace tinyhil::device
