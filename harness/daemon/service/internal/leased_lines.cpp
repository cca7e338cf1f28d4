// SPDX-License-Identifier: Apache-2.0
#include "leased_lines.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kLineOpensWithin{30};  // beyond how long the board may take to boot
constexpr std::chrono::seconds kComesBackWithin{20};  // a port whose board was without power
constexpr std::chrono::seconds kDepartureWithin{2};   // of a client that has just said goodbye
constexpr std::chrono::milliseconds kDepartureLook{20};
constexpr std::chrono::hours kUntilNews{1};
constexpr std::uint16_t kSaidGoodbye = 1000;

// A client that has the line, from its first byte to its departure, however it departs.
class LineConversation : public Conversation {
 public:
  LineConversation(std::shared_ptr<LeasedLine> line, Visit visit) : line_(std::move(line)), visit_(visit) {}
  LineConversation(const LineConversation&) = delete;
  LineConversation& operator=(const LineConversation&) = delete;
  ~LineConversation() override { line_->detach(visit_, !said_goodbye_); }

  asio::awaitable<void> run(WebSocket& socket) override {
    co_await line_->serve(socket, visit_);
    said_goodbye_ = socket.closing().code == kSaidGoodbye;
  }

 private:
  std::shared_ptr<LeasedLine> line_;
  Visit visit_;
  bool said_goodbye_ = false;
};

std::string subject_of(const LeaseRecord& lease) { return "lease " + std::to_string(lease.id.value); }

}  // namespace

LeasedLines::LeasedLines(asio::any_io_executor executor, Keeper& keeper, LeaseBook& book,
                         std::filesystem::path program)
    : executor_(std::move(executor)), keeper_(keeper), book_(book), program_(std::move(program)) {}

asio::awaitable<void> LeasedLines::run() {
  std::uint64_t seen = keeper_.last_event();
  while (!keeper_.is_stopping()) {
    co_await keeper_.wait_for_event(seen, kUntilNews);
    seen = keeper_.last_event();
    std::erase_if(lines_, [this](const auto& entry) {
      const bool is_over = keeper_.is_stopping() || !book_.is_open(entry.first);
      if (is_over) entry.second->end("the lease is over");
      return is_over || entry.second->is_over();
    });
  }
}

// The line that a client comes back to.
std::shared_ptr<LeasedLine> LeasedLines::known(const LeaseRecord& lease, const LinePlace& place) const {
  const auto found = lines_.find(lease.id);
  if (found != lines_.end() && found->second->name() == place.name && !found->second->is_over())
    return found->second;
  throw Error(ErrorKind::lease_lost, "this opening of the line is over", subject_of(lease),
              "open the line anew");
}

asio::awaitable<void> LeasedLines::wait_for_departure(RequestId id) {
  const auto until = steady_clock::now() + kDepartureWithin;
  asio::steady_timer pause(executor_);
  while (lines_.contains(id) && lines_.at(id)->is_attached() && steady_clock::now() < until) {
    pause.expires_after(kDepartureLook);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<std::shared_ptr<LeasedLine>> LeasedLines::open(LeaseRecord lease) {
  co_await wait_for_departure(lease.id);
  if (paused_.contains(lease.id))
    throw Error(ErrorKind::no_lease, "board " + lease.board + " is being reset, switched or flashed",
                subject_of(lease), "open the line when that is done");
  std::shared_ptr<LeasedLine>& place = lines_[lease.id];
  if (place && place->is_attached())
    throw Error(ErrorKind::no_lease,
                "another program of " + lease.wish.owner + " has the line of board " + lease.board,
                subject_of(lease), "end that program, or lease another board");
  if (place) place->end("it is opened anew");
  place.reset();
  const InventoryBoard* entry = keeper_.board(lease.board);
  if (entry == nullptr || book_.lease(lease.id).ended_at)
    throw Error(ErrorKind::lease_lost, "the board is gone", subject_of(lease), "lease another one");
  std::vector<std::string> command{program_.string(), "board-line", entry->bench.string(), "--board",
                                   entry->board.name};
  const auto until = steady_clock::now() + kLineOpensWithin + entry->board.boot;
  std::shared_ptr<LeasedLine> line = LeasedLine::start(executor_, std::move(command));
  place = line;
  co_await line->begun(until);
  co_return line;
}

asio::awaitable<void> LeasedLines::pause(RequestId lease) {
  paused_.insert(lease);
  const auto found = lines_.find(lease);
  const std::shared_ptr<LeasedLine> line = found == lines_.end() ? nullptr : found->second;
  if (line) co_await line->let_go();
}

void LeasedLines::go_on(RequestId lease) {
  paused_.erase(lease);
  const auto found = lines_.find(lease);
  if (found != lines_.end()) found->second->open_again(steady_clock::now() + kComesBackWithin);
}

asio::awaitable<std::unique_ptr<Conversation>> LeasedLines::come(LeaseRecord lease, LinePlace place) {
  std::shared_ptr<LeasedLine> line;
  if (place.name.empty()) {
    line = co_await open(lease);
  } else {
    line = known(lease, place);
  }
  const std::optional<Visit> visit = line->attach(place.received);
  if (visit) co_return std::make_unique<LineConversation>(std::move(line), *visit);
  throw Error(ErrorKind::lease_lost, "what the line said meanwhile is not kept any more", subject_of(lease),
              "open the line anew");
}

}  // namespace tinyhil::daemon
