// SPDX-License-Identifier: Apache-2.0
#include "board_control.hpp"

#include <type_traits>
#include <utility>

#include "board_access.hpp"
#include "power_switch.hpp"
#include "probed_board.hpp"

namespace tinyhil::bench {

namespace {

namespace fs = std::filesystem;

class DeskControl : public BoardControl {
 public:
  explicit DeskControl(const Board& board)
      : board_(board),
        probe_(board_access(board)->probe()),
        tool_(board_flash_tool(board)),
        power_(board_power_switch(board)) {}

  void reset(probe::Target::Reset how) override {
    if (tool_ == nullptr) {
      const std::unique_ptr<ProbedBoard> probed = open_probe();
      return touched([&] { probed->reset(how); });
    }
    if (how == probe::Target::Reset::halt)
      throw Error(ErrorKind::usage, tool_->describe() + " does not halt a board", where(),
                  "leave --halt out");
    need(tool_->reset(), tool_->describe());
  }

  void power_cycle() override {
    if (!power_) {
      throw Error(ErrorKind::usage, "the board has no power switch", where(),
                  "give it one in the bench: `power: {command: [program, argument, ...]}`");
    }
    need(power_->cycle(), power_->program());
  }

  Flashed flash(const FlashWish& wish) override {
    return tool_ == nullptr ? flash_by_probe(wish) : flash_by_tool(wish);
  }

  std::vector<std::uint8_t> read_memory(std::uint32_t address, std::uint32_t size) override {
    const std::unique_ptr<ProbedBoard> probed = open_probe();
    return touched([&] { return probed->read(address, size); });
  }

  probe::CoreState core() override {
    const std::unique_ptr<ProbedBoard> probed = open_probe();
    return touched([&] { return probed->state(); });
  }

 private:
  Flashed flash_by_tool(const FlashWish& wish) {
    const fs::path image = image_file(board_, wish.image);
    const bool erases = wish.before == Before::erase;
    need(erases ? tool_->erase_and_flash(image) : tool_->flash(image), tool_->describe());
    return {.image = image.string(), .tool = tool_->describe()};
  }

  Flashed flash_by_probe(const FlashWish& wish) const {
    need_probe(probe_, board_.name);  // a board without one needs no image first
    const FirmwareImage image = image_to_flash(board_, wish.image);
    const std::unique_ptr<ProbedBoard> probed = open_probe();
    Flashed flashed{.image = image.file.string(), .image_sha256 = image.digest.hex()};
    touched([&] {
      if (wish.before == Before::erase) probed->erase_for(image);
      flashed.is_written = probed->flash(image) == probe::Target::Flashed::now;
    });
    return flashed;
  }

  std::unique_ptr<ProbedBoard> open_probe() const {
    return std::make_unique<ProbedBoard>(board_.name, need_probe(probe_, board_.name));
  }

  template <class Work>
  static std::invoke_result_t<Work> touched(Work work) {
    try {
      return work();
    } catch (const Error& error) {
      throw AfterBoard(error);
    }
  }

  void need(const Result<void>& done, const std::string& tool) const {
    if (!done) throw AfterBoard(flash_error(done.error(), where() + ", " + tool));
  }

  std::string where() const { return "board " + board_.name; }

  const Board board_;
  const std::optional<probe::OpenOcdSettings> probe_;
  const std::unique_ptr<probe::FlashTool> tool_;  // what programs it in place of its driver; none: nullptr
  const std::optional<PowerSwitch> power_;
};

}  // namespace

std::unique_ptr<BoardControl> board_control(const Board& board) {
  std::unique_ptr<BoardControl> control = board_access(board)->control();
  return control ? std::move(control) : std::make_unique<DeskControl>(board);
}

}  // namespace tinyhil::bench
