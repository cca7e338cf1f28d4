// SPDX-License-Identifier: Apache-2.0
// Boards that take vectors from each other's reach, in virtual time: whatever their speeds, whichever of them
// fail and whenever the host is stopped, a run finds what one board finds, at each look and in the end.
#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <numeric>
#include <random>
#include <set>

#include "campaign/internal/run_trials.hpp"
#include "campaign/internal/shared_vectors.hpp"
#include "testing/memory_store.hpp"
#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
namespace {

class StoreSink : public TrialSink {
 public:
  StoreSink(test::MemoryStore& store, std::int64_t run) : store_(store), run_(run) {}
  std::int64_t begin(const TrialInfo& info) override { return store_.begin_trial(run_, info); }
  void append(std::int64_t trial, const InferenceRows& rows) override { store_.append(trial, rows); }
  void survived(std::int64_t trial, const SurvivedFault& fault) override { store_.add_fault(trial, fault); }
  void end(std::int64_t trial, const TrialEnd& end) override { store_.end_trial(trial, end); }

 private:
  test::MemoryStore& store_;
  std::int64_t run_;
};

struct HostStopped {};

class SharedRunTest : public test::CampaignTest {
 protected:
  enum class Phase { running, asking, waiting };
  struct Desk {  // one board
    explicit Desk(Board of) : board(std::move(of)) {}

    Board board;
    test::FakeBoard fake;
    Phase phase = Phase::running;
    std::optional<RunSetup> setup = {};
    std::optional<Runner> runner = {};
    asio::cancellation_signal cancel = {};
  };

  std::unique_ptr<device::Device> connect() override { return nullptr; }

  void make_inputs(std::mt19937& chance) {
    test::Bytes firsts(80 + chance() % 300);
    for (std::uint8_t& first : firsts) first = static_cast<std::uint8_t>(chance() % 100);
    set_vectors(firsts);
    vectors_.digest = sha256(firsts);
    order_.resize(firsts.size());
    std::iota(order_.begin(), order_.end(), 0U);
    std::shuffle(order_.begin(), order_.end(), chance);
    looks_ = {firsts.size() / 3, firsts.size() / 2, firsts.size()};
    campaign_.repeats = static_cast<int>(1 + chance() % 2);
    inputs_.campaign = campaign_;
    inputs_.vectors = vectors_;
  }

  // Boards of other speeds, of which all but the first may fail, some of them for good at their first result.
  void make_desks(std::size_t boards, std::mt19937& chance) {
    desks_.clear();
    for (std::size_t i = 0; i < boards; ++i) {
      Desk& desk = desks_.emplace_back(board(Provenance::real));
      desk.board.name = "b" + std::to_string(i);
      desk.fake.provenance = Provenance::real;
      desk.fake.inference = std::chrono::microseconds(100 + chance() % 2'000);
      desk.fake.vectors = {2, 64};
      if (i == 0 || chance() % 2 == 0) continue;
      desk.fake.line_lasts.assign(20, 0);
      desk.fake.line_lasts.front() = chance() % 400;
    }
  }

  // The boards run on in the order of their own clocks.
  asio::awaitable<std::optional<sampling::Portion>> take(std::size_t at, sampling::PortionWish wish) {
    Desk& desk = desks_[at];
    desk.phase = Phase::asking;
    while (!is_next(at)) co_await asio::post(io_, asio::use_awaitable);
    if (takes_left_ == 0) throw HostStopped();
    --takes_left_;
    desk.phase = Phase::waiting;
    const std::optional<sampling::Portion> portion = co_await shared_->take(at, wish);
    if (portion) desk.phase = Phase::running;
    co_return portion;
  }
  bool is_next(std::size_t at) const {
    for (std::size_t i = 0; i < desks_.size(); ++i) {
      const Desk& other = desks_[i];
      if (other.phase == Phase::running) return false;
      if (other.phase == Phase::asking && std::pair(other.fake.now, i) < std::pair(desks_[at].fake.now, at))
        return false;
    }
    return true;
  }
  asio::awaitable<std::unique_ptr<device::Device>> open(Desk& desk) {
    co_return std::make_unique<test::FakeDevice>(desk.fake);
  }

  void begin(Desk& desk, std::size_t at, LookMeeting& meeting, TrialSink& sink) {
    RunSetup setup{campaign_, vectors_, desk.board, [this, &desk] { return open(desk); },
                   [](const Progress&) {}};
    for (const Trial& trial : store_.trials(record_.id)) {
      if (trial.info.board.name == desk.board.name) setup.earlier.push_back(trial);
    }
    setup.order = order_;
    setup.looks = looks_;
    setup.meeting = &meeting;
    setup.take = [this, at](sampling::PortionWish wish) { return take(at, wish); };
    desk.phase = Phase::running;
    desk.setup.emplace(std::move(setup));
    desk.runner.emplace(*desk.setup, sink);
  }

  // One process of the host: until the run has ended, or so many portions were asked for. True: it has ended.
  bool run_host(std::size_t takes) {
    StoreSink sink(store_, record_.id);
    LookMeeting meeting(io_.get_executor(), desks_.size(), [this](std::uint64_t look) {
      look_at(look);
      return test::decided({});
    });
    takes_left_ = takes;
    for (std::size_t i = 0; i < desks_.size(); ++i) begin(desks_[i], i, meeting, sink);
    std::vector<bool> stored(vectors_.count);
    for (std::uint32_t at = 0; at < stored.size(); ++at) {
      for (const Desk& desk : desks_) stored[at] = stored[at] || desk.runner->has_run(OrderPosition{at});
    }
    shared_.emplace(io_.get_executor(), sampling::VectorPool(desks_.size(), stored));
    bool has_stopped = false;
    for (std::size_t i = 0; i < desks_.size(); ++i)
      asio::co_spawn(io_, run_board(i, meeting, has_stopped),
                     asio::bind_cancellation_slot(desks_[i].cancel.slot(), asio::detached));
    io_.restart();
    while (!has_stopped && io_.run_one() > 0) {
    }
    if (!has_stopped) return true;
    for (Desk& desk : desks_) desk.cancel.emit(asio::cancellation_type::terminal);
    io_.restart();
    io_.run();
    for (Desk& desk : desks_) desk.runner->interrupt();
    return false;
  }

  asio::awaitable<void> run_board(std::size_t at, LookMeeting& meeting, bool& has_stopped) {
    Desk& desk = desks_[at];
    bool has_failed = false;
    try {
      co_await desk.runner->run();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bench_fault) << error.what();
      has_failed = true;
    } catch (const HostStopped&) {
      has_stopped = true;
      co_return;
    } catch (const boost::system::system_error&) {
      co_return;  // cancelled with the others
    }
    desk.phase = Phase::waiting;
    shared_->leave(at, [&](std::uint32_t position) {
      return !has_failed || desk.runner->has_run(OrderPosition{position});
    });
    if (has_failed) desk.runner->leave({FaultKind::gone, "the board failed", "test"});
    meeting.leave();
  }

  std::set<std::uint32_t> first_of_order(std::uint64_t count) const {
    return {order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(count)};
  }

  // What is stored then are the first vectors of the order, and no other, unless the run had come further
  // before it was taken up.
  void look_at(std::uint64_t look) {
    ++looked_;
    std::set<std::uint32_t> stored;
    for (const Trial& trial : store_.trials(record_.id))
      stored.insert(trial.rows.vector.begin(), trial.rows.vector.end());
    const std::set<std::uint32_t> first = first_of_order(look);
    EXPECT_TRUE(std::ranges::includes(stored, first));
    if (!is_taken_up_) {
      EXPECT_EQ(stored, first);
    }
    expect_what_one_board_finds(RunTrials(store_.trials(record_.id), record_, inputs_, look), look);
  }

  void expect_what_one_board_finds(const RunTrials& trials, std::uint64_t drawn) const {
    for (const ModelFile& model : campaign_.models) {
      const Trial& whole = trials.of(model.name);
      EXPECT_EQ(whole.state, TrialState::complete);
      std::set<std::pair<std::uint32_t, std::uint16_t>> seen;
      for (std::size_t row = 0; row < whole.rows.size(); ++row) {
        const std::uint32_t vector = whole.rows.vector[row];
        EXPECT_TRUE(seen.insert({vector, whole.rows.repeat[row]}).second) << "counted twice";
        EXPECT_EQ(whole.rows.outputs[row],
                  static_cast<std::uint8_t>(vectors_.inputs[4 * vector] + model.content[6]));
      }
      EXPECT_GE(seen.size(), drawn * static_cast<std::size_t>(campaign_.repeats));
    }
    expect_pairs(trials);
  }

  // Both models' rows of a vector are those of one board.
  void expect_pairs(const RunTrials& trials) const {
    std::map<std::uint32_t, std::set<std::uint32_t>> clocks;
    for (const ModelFile& model : campaign_.models) {
      const InferenceRows& rows = trials.of(model.name).rows;
      for (std::size_t row = 0; row < rows.size(); ++row) clocks[rows.vector[row]].insert(rows.clock[row]);
    }
    for (const auto& [vector, each] : clocks) EXPECT_EQ(each.size(), 1U) << "vector " << vector;
  }

  Inputs inputs_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint64_t> looks_;
  test::MemoryStore store_;
  RunRecord record_;
  std::deque<Desk> desks_;
  std::optional<SharedVectors> shared_;
  std::size_t takes_left_ = 0;
  std::uint64_t looked_ = 0;
  bool is_taken_up_ = false;
};

TEST_F(SharedRunTest, FindsWhatOneBoardFindsWhateverBoardsAndHostDo) {
  std::uint64_t failed = 0, restarts = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 chance(seed);
    make_inputs(chance);
    const std::size_t boards = 2 + chance() % 4;
    make_desks(boards, chance);
    RunRecord record;
    record.campaign = "test";
    for (const Desk& desk : desks_) record.boards.push_back(desk.board.name);
    record.id = store_.begin_run(record);
    record_ = record;
    is_taken_up_ = false;
    while (!run_host(chance() % 40)) {
      ++restarts;
      is_taken_up_ = true;
      for (Desk& desk : desks_) desk.fake.now = {};
    }
    const std::vector<Trial> trials = store_.trials(record_.id);
    for (const Trial& trial : trials) failed += trial.state == TrialState::interrupted ? 1 : 0;
    expect_what_one_board_finds(RunTrials(trials, record_, inputs_), vectors_.count);
    if (HasFailure()) return;
  }
  EXPECT_GT(failed, 20U) << "boards have failed for good";
  EXPECT_GT(restarts, 20U);
  EXPECT_GE(looked_, 120U);
}

}  // namespace
}  // namespace tinyhil::campaign
