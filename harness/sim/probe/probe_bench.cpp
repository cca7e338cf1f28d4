// SPDX-License-Identifier: Apache-2.0
#include "probe_bench.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "internal/bit_bang.hpp"
#include "internal/cmsis_dap.hpp"
#include "internal/emulated_target.hpp"
#include "internal/openocd_config.hpp"
#include "internal/sam_flash.hpp"
#include "internal/st_link_server.hpp"

namespace tinyhil::sim {

namespace {

using Protocol = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Protocol>;

constexpr std::size_t kReadMax = 16384;

Protocol::endpoint place_of(const ProbeBench::Options& options, const std::filesystem::path& socket) {
  if (options.kind == ProbeKind::cmsis_dap) return asio::local::stream_protocol::endpoint(socket.string());
  return asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), options.port);
}

Acceptor listening(const asio::any_io_executor& executor, const Protocol::endpoint& place,
                   std::uint16_t port) {
  try {
    Acceptor acceptor(executor, place.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(place);
    acceptor.listen();
    return acceptor;
  } catch (const boost::system::system_error& error) {
    throw Error(ErrorKind::bench_fault, "cannot listen: " + error.code().message(),
                "127.0.0.1:" + std::to_string(port),
                "stop the program that listens there, or choose another --port");
  }
}

std::unique_ptr<ProbePort> port_of(const ProbeBench::Options& options, ProbeWires wires) {
  switch (options.kind) {
    case ProbeKind::st_link:
      return std::make_unique<StLinkServer>(wires, options.serial);
    case ProbeKind::cmsis_dap:
      return std::make_unique<CmsisDap>(wires, options.serial);
    case ProbeKind::jtag:
      return std::make_unique<BitBang>(wires);
  }
  return nullptr;
}

// Flash is erased where the image is not.
EmulatedTarget::Board board_of(const ProbeBench::Options& options) {
  EmulatedTarget::Board board{options.board, memory_of(options.machine), options.image};
  if (options.flash == FlashKind::none) return board;
  board.flash_size = SamFlash::kSize;
  board.image.insert(board.image.begin(), {0, std::vector<std::uint8_t>(SamFlash::kSize, SamFlash::kErased)});
  return board;
}

// Where our libraries are, beside this program: in the folder of a build, and installed.
std::string hidapi_folder() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "lib/tinyhil/hidapi")
      .string();
}

}  // namespace

class ProbeBench::Plugged {
 public:
  Plugged(const asio::any_io_executor& executor, Options options)
      : options_(std::move(options)),
        socket_(folder_.path() / "probe"),
        acceptor_(listening(executor, place_of(options_, socket_), options_.port)),
        host_(executor),
        target_(executor, board_of(options_)),
        core_(target_, options_.reset),
        flash_(core_, options_.is_locked),
        debug_port_(options_.flash == FlashKind::none ? static_cast<MemoryBus&>(core_) : flash_,
                    options_.faults),
        probe_(port_of(options_, {debug_port_, core_})) {}

  // Shared with the coroutine, so that it outlives the bench until the executor has run it to its end.
  static void run(const std::shared_ptr<Plugged>& self) {
    const auto executor = self->acceptor_.get_executor();
    asio::co_spawn(executor, serve(self), [self](std::exception_ptr why) {
      if (why) self->fail(why);
    });
    asio::co_spawn(executor, self->target_.wait_for_end(),
                   [self](std::exception_ptr, const std::string& last_words) { self->tell(last_words); });
  }

  void unplug() {
    gone_ = true;
    boost::system::error_code already;
    acceptor_.close(already);
    host_.close(already);
  }

  // Of TCP; zero where there is none.
  std::uint16_t port() const {
    const Protocol::endpoint place = acceptor_.local_endpoint();
    sockaddr_in address{};
    if (place.protocol().family() != AF_INET || place.size() > sizeof address) return 0;
    std::memcpy(&address, place.data(), place.size());
    return ntohs(address.sin_port);
  }
  std::string address() const {
    return port() == 0 ? socket_.string() : "127.0.0.1:" + std::to_string(port());
  }
  std::string serial_port() { return target_.serial_port(); }
  const Options& options() const { return options_; }

 private:
  using Self = std::shared_ptr<Plugged>;

  // Whoever finds out first that the emulator has ended tells.
  void fail(std::exception_ptr why) {
    if (gone_) return;
    const std::string words = target_.last_words();
    if (!words.empty()) return tell(words);
    gone_ = true;
    if (options_.ended) options_.ended(why);
  }

  void tell(const std::string& last_words) {
    if (std::exchange(gone_, true) || !options_.ended) return;
    const Error ended(ErrorKind::bench_fault, "the emulator has ended: " + last_words,
                      "process qemu-system-arm",
                      "look whether the firmware has locked up the core, then start it again");
    options_.ended(std::make_exception_ptr(ended));
  }

  // One host after the other, as a USB plug has it.
  static asio::awaitable<void> serve(Self self) {
    for (;;) {
      boost::system::error_code error;
      self->host_ = co_await self->acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (self->gone_) co_return;
      if (error) throw boost::system::system_error(error);
      if (self->port() != 0) self->host_.set_option(asio::ip::tcp::no_delay(true), error);
      self->probe_->connected();
      if (ProbeClock::now() >= self->back_at_) co_await serve_host(self);
      self->host_.close(error);
    }
  }

  static asio::awaitable<void> serve_host(Self self) {
    std::vector<std::uint8_t> bytes(kReadMax), reply;
    boost::system::error_code error;
    while (!error) {
      const std::size_t size = co_await self->host_.async_read_some(
          asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
      reply.clear();
      if (!self->probe_->receive({bytes.data(), size}, reply)) co_return;
      if (reply.empty()) continue;
      if (self->answers_++ == self->options_.unplugging.after) co_return self->pull_plug();
      co_await asio::async_write(self->host_, asio::buffer(reply),
                                 asio::redirect_error(asio::use_awaitable, error));
    }
  }

  // Whoever has it open loses it; until it is back, who comes loses it at once.
  void pull_plug() {
    const auto out = options_.unplugging.replugged_in;
    back_at_ = out ? ProbeClock::now() + *out : ProbeClock::time_point::max();
  }

  Options options_;
  TemporaryFolder folder_;
  std::filesystem::path socket_;  // of hosts that come without TCP
  Acceptor acceptor_;
  Protocol::socket host_;
  ProbeClock::time_point back_at_{};  // of a plug that was pulled
  std::uint64_t answers_ = 0;
  EmulatedTarget target_;
  CoreDebug core_;
  SamFlash flash_;  // unless there is none
  DebugPort debug_port_;
  std::unique_ptr<ProbePort> probe_;
  bool gone_ = false;
};

ProbeBench::ProbeBench(const boost::asio::any_io_executor& executor, Options options)
    : plugged_(std::make_shared<Plugged>(executor, std::move(options))) {
  Plugged::run(plugged_);
}

ProbeBench::~ProbeBench() { plugged_->unplug(); }

std::string ProbeBench::address() const { return plugged_->address(); }
std::string ProbeBench::serial_port() const { return plugged_->serial_port(); }

std::map<std::string, std::string> ProbeBench::environment() const {
  if (plugged_->options().kind != ProbeKind::cmsis_dap) return {};
  return {{"LD_LIBRARY_PATH", hidapi_folder()},
          {"PYTHONPATH", hidapi_folder()},
          {"PYOCD_USB_BACKEND", "hidapiusb"},
          {"TINYHIL_PROBES", plugged_->options().serial + "@" + address()}};
}

std::string ProbeBench::openocd_config() const {
  return sim::openocd_config(plugged_->options(), plugged_->port());
}

}  // namespace tinyhil::sim
