// SPDX-License-Identifier: Apache-2.0
// Backends that are told the same make the same chain, and each finds in its own what somebody changed.
#include <gtest/gtest.h>

#include <functional>

#include "model/inference_rows.hpp"
#include "sqlite/connection.hpp"
#include "testing/database.hpp"
#include "testing/memory_facts.hpp"
#include "testing/memory_store.hpp"
#include "testing/recording.hpp"

namespace tinyhil::store {
namespace {

// 7 ms later whenever it is asked.
FactClock ticking() {
  return [now = FactTime(std::chrono::milliseconds(1'764'000'000'042))]() mutable {
    return now += std::chrono::milliseconds(7);
  };
}

RunRecord drawn_run() {
  RunRecord run = test::wake_word_run();
  run.boards = {"m4", "m7"};
  run.vectors_digest = sha256("vectors");
  run.models = {{"shipped", sha256("shipped"), false}, {"slim", sha256("slim"), true}};
  run.sampling = RunSampling{DrawOrder::stratified,   StopRule::sprt, Claim::unseen, 8, 500, 0.03, 12,
                             {"golden_a", "golden_b"}};
  run.order_seed = UINT64_MAX;
  run.seed_origin = SeedOrigin::drawn;
  run.failed_attempts = {{{"m4", "m7"}, "bench", "the port is gone"}};
  return run;
}

TrialInfo slim_as_control() {
  TrialInfo info = test::shipped_on_m4();
  info.model = "slim";
  info.model_digest = sha256("slim");
  info.role = TrialRole::control;
  info.mode = RunMode::throughput;
  info.top_k = 2;
  info.output = info.input;
  return info;
}

InferenceRows rows_without_outputs() { return {{9, 3}, {1, 0}, {4, 4}, {0, 0}, {0, 0}, 0, {}}; }

// One call of a campaign each.
using Call = void (*)(RunStore& store);

const Call kCampaign[] = {
    [](RunStore& store) { store.begin_run(test::wake_word_run()); },
    [](RunStore& store) { store.begin_trial(1, test::shipped_on_m4()); },
    [](RunStore& store) { store.append(1, test::rows_from(10, 5)); },
    [](RunStore& store) { store.append(1, test::rows_of_known_origin()); },
    [](RunStore& store) { store.append(1, {}); },
    [](RunStore& store) {
      store.add_fault(1, {{FaultKind::reset, "it \"crashed\" \u00e9", "pc 0x80", ""}, VectorNumber{0}, true});
    },
    [](RunStore& store) { store.begin_run(drawn_run()); },
    [](RunStore& store) {
      store.add_failed_attempt(2, {{"m4"}, "board", "it does not answer"});
    },
    [](RunStore& store) {
      store.end_trial(1, {TrialState::interrupted, {}, {}});
    },
    [](RunStore& store) { store.begin_trial(2, slim_as_control()); },
    [](RunStore& store) { store.begin_trial(2, test::shipped_on_m4()); },
    [](RunStore& store) { store.append(2, rows_without_outputs()); },
    [](RunStore& store) {
      store.add_fault(2, {{FaultKind::corrupt, "noise", "", "x"}, {}, false});
    },
    [](RunStore& store) {
      store.end_trial(2, {TrialState::complete, {}, 16});
    },
    [](RunStore& store) {
      store.end_trial(3, {TrialState::faulted, Fault{FaultKind::gone, "it left", "", "plug it in"}, {}});
    },
    [](RunStore& store) {
      store.begin_recording(2, {"m4", test::bench_meter()});
    },
    [](RunStore& store) {
      const MeasuredWindow windows[] = {test::inference_window("slim", 3, 1e-4),
                                        test::resting_window(WindowKind::sleep, 2e-6, 1)};
      store.add_windows(1, windows);
    },
    [](RunStore& store) {
      store.end_recording(1, {RecordingState::lost, Fault{FaultKind::gone, "unplugged", "", "plug it in"},
                              "traces/1.trace", sha256("trace"), 100'000});
    },
    [](RunStore& store) { store.end_run(2); },
    [](RunStore& store) { store.end_run(2); },
    [](RunStore& store) {
      store.add_verdict(2, {"slim", sha256("policy"), "fail", "2026-11-23T14:05:09Z"});
    },
    [](RunStore& store) { store.begin_run(drawn_run()); },
    [](RunStore& store) { store.end_trial(1, {}); },
    [](RunStore& store) { store.end_run(1); }};

class SameChain : public test::TestDatabase {
 protected:
  void tell_both() {
    for (const Call call : kCampaign) {
      call(sqlite_);
      call(memory_);
    }
  }

  // As somebody would who can write to both.
  void change_both(const std::string& sql, const std::function<void(test::MemoryFacts&)>& change) {
    Connection connection(file_, file_.string(), SQLITE_OPEN_READWRITE);
    connection.execute(
        "DROP TRIGGER no_UPDATE_of_trial; DROP TRIGGER no_DELETE_of_block; DROP TRIGGER no_UPDATE_of_chain");
    connection.execute(sql.c_str());
    change(memory_.facts());
  }

  // What both say of run 2.
  std::string found() {
    EXPECT_EQ(words_of(sqlite_.verify_chain(2)), words_of(memory_.verify_chain(2)));
    return words_of(memory_.verify_chain(2));
  }

  static std::string words_of(const std::optional<BrokenLink>& broken) {
    return broken ? broken->table + " " + std::to_string(broken->row) + ": " + broken->what : "whole";
  }

  SqliteStore sqlite_ = SqliteStore::open(file_, StoreAccess::read_write, ticking());
  test::MemoryStore memory_{ticking()};
};

TEST_F(SameChain, IsMadeByEveryCallOfACampaign) {
  std::size_t calls = 0;
  for (const Call call : kCampaign) {
    call(sqlite_);
    call(memory_);
    ++calls;
    for (std::int64_t run = 1; run <= 3; ++run)
      EXPECT_EQ(sqlite_.chain_head(run), memory_.chain_head(run)) << "run " << run << " after call " << calls;
  }
  for (std::int64_t run = 1; run <= 3; ++run) {
    EXPECT_NE(memory_.chain_head(run), Digest{});
    EXPECT_FALSE(sqlite_.verify_chain(run)) << run;
    EXPECT_FALSE(memory_.verify_chain(run)) << run;
  }
  EXPECT_EQ(memory_.run(3)->models[1].earlier, 1u);
}

TEST_F(SameChain, TellsAChangedFact) {
  tell_both();
  change_both("UPDATE trial SET arena_used = 1 WHERE id = 2", [](test::MemoryFacts& kept) {
    kept.facts["trial"].at(2).fact.set("arena_used", std::int64_t{1});
  });
  EXPECT_EQ(found(), "trial 2: the row is not the one that was stored");
}

TEST_F(SameChain, TellsAnAttemptThatWasTakenOut) {
  tell_both();
  change_both("DROP TRIGGER no_DELETE_of_failed_attempt; DELETE FROM failed_attempt WHERE id = 1",
              [](test::MemoryFacts& kept) { kept.facts["failed_attempt"].erase(1); });
  EXPECT_EQ(found(), "failed_attempt 1: the row is missing");
}

TEST_F(SameChain, TellsAFactThatIsMissing) {
  tell_both();
  change_both("DELETE FROM block WHERE trial = 2",
              [](test::MemoryFacts& kept) { kept.facts["block"].erase(3); });
  EXPECT_EQ(found(), "block 3: the row is missing");
}

TEST_F(SameChain, TellsAFactThatWasPutIn) {
  tell_both();
  change_both("INSERT INTO trial_end (trial, state, ended_at) VALUES (3, 'complete', 'now')",
              [](test::MemoryFacts& kept) {
                const Fact end = Fact(*kept.facts["trial_end"].at(1).fact.kind).set("trial", std::int64_t{3});
                kept.facts["trial_end"].emplace(5, test::KeptFact(end));
              });
  EXPECT_EQ(found(), "trial_end 5: the row has no link in the chain");
}

TEST_F(SameChain, TellsAChangedLink) {
  tell_both();
  change_both("UPDATE chain SET digest = zeroblob(32) WHERE run = 2 AND kind = 'block'",
              [](test::MemoryFacts& kept) {
                for (Link& link : kept.links[2])
                  if (link.kind == "block") link.digest = {};
              });
  EXPECT_EQ(found(), "block 3: its link in the chain was changed");
}

TEST_F(SameChain, TellsALinkOfAKindThatNobodyKnows) {
  tell_both();
  change_both("INSERT INTO chain (run, kind, row, digest) VALUES (2, 'rumour', 1, zeroblob(32))",
              [](test::MemoryFacts& kept) {
                kept.links[2].push_back({"rumour", 1, {}});
              });
  EXPECT_EQ(found(), "chain 1: a link names a table that has no links");
}

}  // namespace
}  // namespace tinyhil::store
