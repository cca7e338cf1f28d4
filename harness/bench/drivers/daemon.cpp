// SPDX-License-Identifier: Apache-2.0
// driver: daemon    address: https://lab.example:8443    lease: 12    epoch: 3    token_file: token
// Written by `tinyhil lease` and Python for a board that a daemon on another machine has leased to them.
#include <nlohmann/json.hpp>
#include <type_traits>

#include "base/file_content.hpp"
#include "base/hex.hpp"
#include "bench/board_access.hpp"
#include "daemon/http/daemon_address.hpp"
#include "daemon/line/lease_operation.hpp"
#include "daemon/line/remote_line.hpp"

namespace tinyhil::bench {

namespace {

class DaemonControl : public BoardControl {
 public:
  explicit DaemonControl(daemon::LeaseAddress place) : place_(std::move(place)) {}

  void reset(probe::Target::Reset how) override {
    done({.name = "reset", .halts = how == probe::Target::Reset::halt});
  }
  void power_cycle() override { done({.name = "power-cycle"}); }

  Flashed flash(const FlashWish& wish) override {
    const bool erases = wish.before == Before::erase;
    return answered({.name = "flash", .erases = erases, .image = wish.image}, [&](const Json& fields) {
      Flashed flashed{.image = wish.image ? wish.image->string() : fields.at("image").get<std::string>()};
      flashed.is_written = fields.at("written");
      flashed.tool = fields.value("by", "");
      flashed.image_sha256 = fields.value("image_sha256", "");
      return flashed;
    });
  }

  std::vector<std::uint8_t> read_memory(std::uint32_t address, std::uint32_t size) override {
    return answered({.name = "memory", .address = address, .size = size}, [](const Json& fields) {
      return from_hex(fields.at("bytes").get<std::string>()).value_or(std::vector<std::uint8_t>());
    });
  }

  probe::CoreState core() override {
    return answered({.name = "core"}, [](const Json& fields) {
      probe::CoreState state{.word = fields.at("core"), .core = {}, .faults = {}};
      for (const auto& [name, value] : fields.at("registers").items()) state.core.emplace_back(name, value);
      state.faults = {fields.at("cfsr"), fields.at("hfsr"), fields.at("mmfar"), fields.at("bfar")};
      return state;
    });
  }

 private:
  using Json = nlohmann::ordered_json;

  template <class Read>
  std::invoke_result_t<Read, const Json&> answered(const daemon::LeaseOperation& operation, Read read) const {
    try {
      return read(Json::parse(done(operation)));
    } catch (const Json::exception& error) {
      throw AfterBoard(Error(ErrorKind::bench_fault,
                             std::string("the daemon does not say what came of it: ") + error.what(),
                             place_.daemon.text, "is it the daemon of this version of tinyhil?"));
    }
  }

  std::string done(const daemon::LeaseOperation& operation) const {
    daemon::OperationResult result = daemon::carry_out(place_, operation);
    if (!result.error) return std::move(result.document);
    if (result.has_touched_board) throw AfterBoard(*result.error);
    throw Error(*result.error);
  }

  daemon::LeaseAddress place_;
};

class DaemonBoard : public BoardAccess {
 public:
  DaemonBoard(daemon::RemoteLineSettings settings, std::optional<std::filesystem::path> token_file)
      : settings_(std::move(settings)), token_file_(std::move(token_file)) {}

  std::unique_ptr<transport::Transport> open(asio::any_io_executor executor) const override {
    daemon::RemoteLineSettings settings = settings_;
    settings.address = address();
    return daemon::open_remote_line(std::move(executor), std::move(settings));
  }
  std::unique_ptr<BoardControl> control() const override {
    return std::make_unique<DaemonControl>(daemon::LeaseAddress{address(), settings_.lease, settings_.epoch});
  }
  std::optional<std::string> lock_key() const override {
    return "daemon " + settings_.address.text + " lease " + std::to_string(settings_.lease);
  }

 private:
  daemon::DaemonAddress address() const {
    daemon::DaemonAddress address = settings_.address;
    if (token_file_ && address.socket.empty()) address.token = read_token(*token_file_);
    return address;
  }
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
