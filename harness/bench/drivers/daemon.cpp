// SPDX-License-Identifier: Apache-2.0
// driver: daemon    address: https://lab.example:8443    lease: 12    epoch: 3
// Written by `tinyhil lease` and Python for a board that a daemon on another machine has leased to them.
#include "bench/board_access.hpp"
#include "daemon/http/daemon_address.hpp"
#include "daemon/line/remote_line.hpp"

namespace tinyhil::bench {

namespace {

class DaemonBoard : public BoardAccess {
 public:
  explicit DaemonBoard(daemon::RemoteLineSettings settings) : settings_(std::move(settings)) {}

  std::unique_ptr<transport::Transport> open(asio::any_io_executor executor) const override {
    return daemon::open_remote_line(std::move(executor), settings_);
  }
  std::optional<std::string> lock_key() const override {
    return "daemon " + settings_.address.text + " lease " + std::to_string(settings_.lease);
  }

 private:
  daemon::RemoteLineSettings settings_;
};

}  // namespace

std::unique_ptr<BoardAccess> make_daemon(const Board& board) {
  const Section& link = board.link;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  daemon::RemoteLineSettings settings;
  settings.address = daemon::with_credentials(daemon::parse_daemon_address(link.text("address")));
  settings.lease = static_cast<std::uint64_t>(link.integer("lease", 1, kMost));
  settings.epoch = static_cast<std::uint64_t>(link.integer("epoch", 1, kMost));
  settings.open += board.boot;
  link.finish();
  return std::make_unique<DaemonBoard>(std::move(settings));
}

}  // namespace tinyhil::bench
