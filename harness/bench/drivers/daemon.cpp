// SPDX-License-Identifier: Apache-2.0
// driver: daemon    address: https://lab.example:8443    lease: 12    epoch: 3    token_file: token
// Written by `tinyhil lease` and Python for a board that a daemon on another machine has leased to them.
#include "base/file_content.hpp"
#include "bench/board_access.hpp"
#include "daemon/http/daemon_address.hpp"
#include "daemon/line/remote_line.hpp"

namespace tinyhil::bench {

namespace {

class DaemonBoard : public BoardAccess {
 public:
  DaemonBoard(daemon::RemoteLineSettings settings, std::optional<std::filesystem::path> token_file)
      : settings_(std::move(settings)), token_file_(std::move(token_file)) {}

  std::unique_ptr<transport::Transport> open(asio::any_io_executor executor) const override {
    daemon::RemoteLineSettings settings = settings_;
    if (token_file_ && settings.address.socket.empty()) settings.address.token = read_token(*token_file_);
    return daemon::open_remote_line(std::move(executor), std::move(settings));
  }
  std::optional<std::string> lock_key() const override {
    return "daemon " + settings_.address.text + " lease " + std::to_string(settings_.lease);
  }

 private:
  static std::string read_token(const std::filesystem::path& file) {
    const std::vector<std::uint8_t> content = read_file(file, 4096, "token of the lease");
    return {content.begin(), content.end()};
  }

  daemon::RemoteLineSettings settings_;
  std::optional<std::filesystem::path> token_file_;
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
  std::optional<std::filesystem::path> token_file = link.optional_path("token_file");
  link.finish();
  return std::make_unique<DaemonBoard>(std::move(settings), std::move(token_file));
}

}  // namespace tinyhil::bench
