// SPDX-License-Identifier: Apache-2.0
#include "probed_board.hpp"

#include <utility>

#include "base/error.hpp"
#include "bench/board_access.hpp"
#include "probe/bank_erase.hpp"
#include "probe/core_reader.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::bench {

probe::OpenOcdSettings probe_of(const Board& board) {
  const std::unique_ptr<BoardAccess> access = board_access(board);
  if (access->control())
    throw Error(ErrorKind::usage, "that is not done to a leased board from another machine",
                "board " + board.name, "work on the machine of its daemon: tinyhil lease --local");
  return need_probe(access->probe(), board.name);
}

probe::OpenOcdSettings need_probe(std::optional<probe::OpenOcdSettings> probe, const std::string& board) {
  if (probe) return *std::move(probe);
  throw Error(ErrorKind::usage, "the board is not reached by a debug probe", "board " + board,
              "give it a link with `driver: openocd`");
}

std::filesystem::path image_file(const Board& board, const std::optional<std::filesystem::path>& file) {
  if (file) return *file;
  if (board.image) return *board.image;
  throw Error(ErrorKind::usage, "there is no image to put on the board", "board " + board.name,
              "name an image file, here or as the board's `image`");
}

FirmwareImage image_to_flash(const Board& board, const std::optional<std::filesystem::path>& file) {
  FirmwareImage image = load_firmware_image(image_file(board, file));
  require_addresses(image);
  return image;
}

Error flash_error(const Fault& fault, const std::string& where) {
  const bool is_image = fault.kind == FaultKind::wrong_image;
  return Error(is_image ? ErrorKind::wrong_image : ErrorKind::bench_fault, describe(fault), where,
               fault.remedy.empty()
                   ? "check the probe's cable, the board's power, and that the chip is not locked"
                   : fault.remedy);
}

ProbedBoard::ProbedBoard(std::string name, const probe::OpenOcdSettings& settings)
    : name_(std::move(name)),
      openocd_(probe::OpenOcd::start(io_.get_executor(), settings)),
      target_(*openocd_) {}

probe::Target::Flashed ProbedBoard::flash(const FirmwareImage& image) { return ask(target_.flash(image)); }

void ProbedBoard::erase_for(const FirmwareImage& image) { ask(probe::erase_banks_of(*openocd_, image)); }

void ProbedBoard::reset(probe::Target::Reset how) { ask(target_.reset(how)); }

std::vector<std::uint8_t> ProbedBoard::read(std::uint32_t address, std::uint32_t size) {
  return ask(target_.read(address, size));
}

probe::CoreState ProbedBoard::state() { return ask(target_.state()); }

CoreDump ProbedBoard::dump() { return ask(probe::halt_and_read_core(target_)); }

template <class T>
T ProbedBoard::ask(asio::awaitable<Result<T>> task) {
  Result<T> result = transport::run_to_end(io_, std::move(task));
  if (!result) fail(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

void ProbedBoard::fail(const Fault& fault) const { throw flash_error(fault, "board " + name_); }

}  // namespace tinyhil::bench
