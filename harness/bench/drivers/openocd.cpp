// SPDX-License-Identifier: Apache-2.0
// driver: openocd    config: [interface/cmsis-dap.cfg, target/nrf52.cfg]    probe: 0671FF383339
// speed: 4000    reset: run    commands: [...]    search: 0x20000000    search_size: 64 KiB
// program: openocd
#include "probe/openocd.hpp"
#include "base/error.hpp"
#include "base/file_content.hpp"
#include "base/hex.hpp"
#include "bench/board_access.hpp"
#include "formats/elf_image.hpp"
#include "probe/mailbox.hpp"

namespace tinyhil::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kImageMost = 256 * 1024 * 1024;
constexpr int kSpeedMost = 100'000;
constexpr std::uint64_t kSearchUsual = 64 * 1024;
constexpr const char* kBlocks[] = {"thil_rtt_block", "_SEGGER_RTT"};

// Where an ELF file says that the control block lies, and which memory its variables have.
void read_image(const fs::path& image, probe::MailboxSettings& settings) {
  const std::vector<std::uint8_t> content = read_file(image, kImageMost, "firmware image");
  if (!is_elf(content)) return;
  settings.variables = blank_memory(content, image.string());
  for (const char* name : kBlocks) {
    const std::optional<std::uint64_t> address = find_elf_symbol(content, name, image.string());
    if (!address) continue;
    settings.block = static_cast<std::uint32_t>(*address);
    return;
  }
}

class OpenOcdBoard : public BoardAccess {
 public:
  OpenOcdBoard(const Section& link, probe::MailboxSettings settings, std::optional<fs::path> image)
      : link_(link), settings_(std::move(settings)), image_(std::move(image)) {}

  std::unique_ptr<transport::Transport> open(asio::any_io_executor executor) const override {
    probe::MailboxSettings settings = settings_;
    if (image_) read_image(*image_, settings);
    if (!image_ && settings.search_size == 0) {
      link_.fail("it is not known where the board's mailbox is",
                 "add `image: path/to/agent.elf` to the board, or `search: 0x20000000` to the link");
    }
    if (!settings.block && settings.search_size == 0) {
      throw Error(ErrorKind::usage, "the image does not tell where its mailbox is", image_->string(),
                  "give the ELF file, link device-agent/ports/rtt into it, or add `search` to the link");
    }
    return probe::open_mailbox(executor, std::move(settings));
  }
  std::optional<std::string> lock_key() const override { return "probe " + settings_.openocd.serial; }
  std::optional<probe::OpenOcdSettings> probe() const override { return settings_.openocd; }

 private:
  Section link_;
  probe::MailboxSettings settings_;
  std::optional<fs::path> image_;
};

// A file beside the bench file, or else one of OpenOCD's own.
std::vector<std::string> read_config(const Section& link) {
  std::vector<std::string> files = link.texts("config");
  if (files.empty()) {
    link.fail("the openocd driver needs `config`, the files that tell OpenOCD of probe and target",
              "write for example `config: [interface/cmsis-dap.cfg, target/nrf52.cfg]`");
  }
  for (std::string& file : files) {
    const fs::path here = link.folder() / file;
    if (fs::is_regular_file(here)) file = fs::absolute(here).string();
  }
  return files;
}

std::uint32_t read_address(const Section& link, std::string_view key) {
  const std::string text = link.text(key);
  const std::optional<std::uint64_t> address = parse_address(text);
  if (!address || *address > UINT32_MAX || *address % 4 != 0) {
    link.fail_at(key, "`" + text + "` is no address of a word", "write for example `search: 0x20000000`");
  }
  return static_cast<std::uint32_t>(*address);
}

void read_search(const Section& link, probe::MailboxSettings& settings) {
  const std::uint64_t size = link.optional_byte_count("search_size").value_or(kSearchUsual);
  if (size < 4 || size > probe::kSearchMost) {
    link.fail_at("search_size", "`search_size` is not between 4 B and 16 MiB",
                 "write for example `search_size: 64 KiB`");
  }
  settings.search_from = read_address(link, "search");
  settings.search_size =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(size, UINT32_MAX - settings.search_from));
}

}  // namespace

std::unique_ptr<BoardAccess> make_openocd(const Board& board) {
  const Section& link = board.link;
  probe::MailboxSettings settings;
  settings.openocd.serial = link.text("probe");
  settings.openocd.config = read_config(link);
  settings.openocd.commands = link.texts("commands");
  settings.openocd.speed_khz = static_cast<int>(link.integer("speed", 1, kSpeedMost, 0));
  if (link.choice("reset", {"none", "run"}, "none") == "run") settings.at_open = probe::AtOpen::reset;
  settings.openocd.program = link.text("program", "openocd");
  settings.openocd.folder = link.folder();
  settings.openocd.kept_log = board.fault_log;
  if (settings.openocd.program.find('/') != std::string::npos) {
    settings.openocd.program = (link.folder() / settings.openocd.program).lexically_normal();
  }
  if (link.has("search")) {
    read_search(link, settings);
  } else if (link.has("search_size")) {
    link.fail_at("search_size", "`search_size` without `search`", "say where to begin: `search: 0x20000000`");
  }
  link.finish();
  return std::make_unique<OpenOcdBoard>(link, std::move(settings), board.image);
}

}  // namespace tinyhil::bench
