// SPDX-License-Identifier: Apache-2.0
// driver: serial    port: usb:A50285BI    usb_id: 0403:6001    interface: 0
// driver: serial    port: /dev/ttyACM0    baud: 115200    ladder: [921600, 2000000]
// dtr: low    rts: low    reset: dtr
#include "transport/serial.hpp"

#include "base/quantity.hpp"
#include "bench/board_access.hpp"
#include "bench/internal/serial_place.hpp"
#include "transport/tty.hpp"

namespace tinyhil::bench {

namespace {

class SerialBoard : public BoardAccess {
 public:
  SerialBoard(SerialPlace place, transport::SerialSettings settings)
      : place_(std::move(place)), settings_(std::move(settings)) {}

  std::unique_ptr<transport::Transport> open(asio::any_io_executor executor) const override {
    transport::SerialSettings settings = settings_;
    settings.port = place_.file();
    return transport::open_serial(std::move(executor), std::move(settings));
  }
  std::optional<std::string> lock_key() const override { return place_.lock_key(); }
  std::optional<std::filesystem::path> port() const override { return place_.file_if_any(); }
  std::string absence() const override { return place_.absence(); }
  std::optional<int> line_rate() const override { return settings_.rates.start; }

 private:
  SerialPlace place_;
  transport::SerialSettings settings_;  // but the port
};

std::vector<int> read_ladder(const Section& link) {
  std::vector<int> ladder;
  for (const std::string& text : link.texts("ladder")) {
    const std::optional<std::int64_t> rate = parse_integer(text);
    if (!rate || *rate < transport::kBaudMin || *rate > transport::kBaudMax) {
      link.fail_at("ladder", "`" + text + "` in `ladder` is no baud rate",
                   "list rates such as [921600, 2000000]");
    }
    ladder.push_back(static_cast<int>(*rate));
  }
  return ladder;
}

bool is_high(const Section& link, std::string_view key) {
  return link.choice(key, {"low", "high"}, "low") == "high";
}

transport::ResetBy read_reset(const Section& link, transport::ModemLines rest) {
  const std::string word = link.choice("reset", {"none", "dtr", "rts", "esp32"}, "none");
  if (word == "none") return transport::ResetBy::nothing;
  if (word == "dtr") return transport::ResetBy::dtr;
  if (word == "rts") return transport::ResetBy::rts;
  if (rest.dtr != rest.rts) {
    link.fail_at(
        "reset",
        "`reset: esp32` and lines that differ: one of them keeps the chip in reset or its boot loader",
        "give `dtr` and `rts` the same value, or leave both out");
  }
  return transport::ResetBy::esp32;
}

}  // namespace

std::unique_ptr<BoardAccess> make_serial(const Board& board) {
  const Section& link = board.link;
  SerialPlace place(link);
  transport::SerialSettings settings;
  settings.rates.start =
      static_cast<int>(link.integer("baud", transport::kBaudMin, transport::kBaudMax, settings.rates.start));
  settings.rates.ladder = read_ladder(link);
  settings.rest = {is_high(link, "dtr"), is_high(link, "rts")};
  settings.needs_lines = link.has("dtr") || link.has("rts");
  settings.reset = read_reset(link, settings.rest);
  link.finish();
  return std::make_unique<SerialBoard>(std::move(place), std::move(settings));
}

}  // namespace tinyhil::bench
