// SPDX-License-Identifier: Apache-2.0
#include "gdb_flash.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include "probe/internal/gdb_remote.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::probe {

namespace {

constexpr int kPortMost = 65535;

// The core goes on when it is done with, whatever came of it.
asio::awaitable<Result<void>> put_and_run(GdbRemote& core, const FirmwareImage* image) {
  Result<void> done = co_await core.connect();
  if (!done) co_return done;
  if (image != nullptr) {
    done = co_await core.flash(*image);
  } else {
    done = co_await core.reset_halt();
  }
  const Result<void> left = co_await core.detach();
  if (!done) co_return done;
  co_return left;
}

class GdbTool : public FlashTool {
 public:
  explicit GdbTool(GdbSettings settings) : settings_(std::move(settings)) {}

  Result<void> flash(const std::filesystem::path& image) override {
    const FirmwareImage content = load_firmware_image(image);
    require_addresses(content);
    return run(&content);
  }
  Result<void> reset() override { return run(nullptr); }
  Result<void> erase_and_flash(const std::filesystem::path& /*image*/) override {
    return Fault{FaultKind::refused,
                 "a GDB server erases no more than an image needs",
                 {},
                 "give another `tool`, which erases the whole chip"};
  }
  bool can_erase() const override { return false; }
  std::string describe() const override { return "GDB server " + settings_.server; }

 private:
  Result<void> run(const FirmwareImage* image) const {
    asio::io_context io(1);
    GdbRemote core(io.get_executor(), settings_);
    return transport::run_to_end(io, put_and_run(core, image));
  }

  GdbSettings settings_;
};

std::vector<std::string> server_names() {
  std::vector<std::string> names;
  for (const GdbServer& server : gdb_servers()) names.push_back(server.name);
  return names;
}

}  // namespace

std::unique_ptr<FlashTool> gdb_flash_tool(const Section& section) {
  GdbSettings settings;
  settings.server = section.choice("server", server_names());
  settings.port = static_cast<std::uint16_t>(section.integer("port", 1, kPortMost));
  settings.host = section.text("host", settings.host);
  boost::system::error_code error;
  asio::ip::make_address(settings.host, error);
  if (error && settings.host != "localhost") {
    section.fail_at("host", "`" + settings.host + "` is no address", "write for example `host: 127.0.0.1`");
  }
  section.finish();
  return std::make_unique<GdbTool>(std::move(settings));
}

}  // namespace tinyhil::probe
