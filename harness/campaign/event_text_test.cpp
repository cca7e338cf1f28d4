// SPDX-License-Identifier: Apache-2.0
#include "event_text.hpp"

#include <gmock/gmock.h>

#include <set>
#include <vector>

namespace tinyhil::campaign {
namespace {

BoardIdentity board() {
  BoardIdentity board;
  board.name = "m4";
  board.kind = "mps2-an386";
  board.serial = "0671FF";
  board.engine = "reference";
  board.build = "1.2";
  board.provenance = Provenance::emulated;
  board.image = sha256("firmware");
  board.clock = "cmsdk-timer0";
  board.clock_hz = 25'000'000;
  board.timer_hz = 1'000'000;
  board.flash_size = 4'000'000'000;
  board.ram_size = 8;
  return board;
}

// One of each kind, and one more where a field may be missing.
std::vector<RunEvent> events() {
  const Fault fault{FaultKind::reset, "it restarted", "boot \"banner\"\n", "look at its supply"};
  return {event::Greeted{board()},
          event::Preparing{"m4", "slim"},
          event::Prepared{"m4", "slim", 4096},
          event::Progressed{"m4", "slim", 10, 4'294'967'296},
          event::Progressed{"m4", "slim", 10, 20, 9, 7.25, "accuracy"},
          event::FaultSurvived{"m4", "slim", {fault, VectorNumber{7}, true}},
          event::FaultSurvived{"m4", "slim", {fault, {}, false}},
          event::Quarantined{"m4", "slim", VectorNumber{7}},
          event::TrialEnded{"m4", "slim", TrialRole::control, {TrialState::faulted, fault, {}}},
          event::TrialEnded{"m4", "slim", TrialRole::subject, {TrialState::complete, {}, 100}},
          event::Metering{"m4"},
          event::BoardLeft{"m4", "unplugged", "/dev/ttyACM0", "plug it in"},
          event::Looked{200},
          event::Decided{"slim", Outcome::pass},
          event::RunEnded{3}};
}

TEST(EventText, IsReadAsWhatWasWritten) {
  std::set<std::size_t> kinds;
  for (const RunEvent& event : events()) {
    const auto line = event_line(event);
    ASSERT_TRUE(line);
    EXPECT_EQ(line->find('\n'), std::string::npos) << "one line each";
    const auto read = event_in_line(*line);
    ASSERT_TRUE(read) << *line;
    EXPECT_EQ(read->index(), event.index());
    EXPECT_EQ(event_line(*read), line);
    kinds.insert(event.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<RunEvent> - 1) << "all but rows";
}

TEST(EventText, KeepsEachFieldOfABoard) {
  const auto read = event_in_line(*event_line(event::Greeted{board()}));
  const BoardIdentity& known = std::get<event::Greeted>(*read).board;
  EXPECT_EQ(known.image, board().image);
  EXPECT_EQ(known.provenance, Provenance::emulated);
  EXPECT_EQ(known.flash_size, 4'000'000'000U);
}

TEST(EventText, NamesTheEventFirst) {
  EXPECT_EQ(event_line(event::Metering{"m4"}), R"({"event":"metering","board":"m4"})");
}

TEST(EventText, HasNoRows) { EXPECT_FALSE(event_line(event::RowsStored{})); }

TEST(EventText, IsNothingForWhatItDoesNotKnow) {
  for (const char* line :
       {"", "{", "[]", R"({"event":7})", R"({"event":"rows_stored"})", R"({"event":"state","id":1})",
        R"({"event":"metering"})", R"({"event":"decided","candidate":"slim","outcome":"maybe"})",
        R"({"event":"greeted","board":"m4","image":"12"})"})
    EXPECT_FALSE(event_in_line(line)) << line;
}

}  // namespace
}  // namespace tinyhil::campaign
