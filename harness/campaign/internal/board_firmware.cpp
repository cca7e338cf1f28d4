// SPDX-License-Identifier: Apache-2.0
#include "board_firmware.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>

#include "base/error.hpp"
#include "bench/board_access.hpp"
#include "probe/target.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::campaign {

namespace {

using probe::Target;

std::uint64_t first_address(const FirmwareImage& image) {
  return image.segments.empty() ? 0 : image.segments.front().address;
}

// An image on its way to one board.
struct Job {
  const Board& board;
  const FirmwareImage& image;
  std::string probe;

  std::string where() const { return "board " + board.name + ", " + probe; }
  Error wrong(const std::string& what, const std::string& remedy) const {
    return Error(ErrorKind::wrong_image, what, where(), remedy);
  }
  std::string name() const { return image.file.string() + " (" + image.digest.short_hex() + ")"; }
};

// The core answers, and not its memory.
Error locked(const Job& job, const Fault& fault) {
  return job.wrong(
      "the board is read-protected (locked): the probe reaches its core, but may not read its flash at " +
          hex_address(first_address(job.image)) + " (" + fault.what + ")",
      "unlock it with the chip's own means, which erases it (nRF: `nrf52_recover`, SAM: `chip-erase`, STM32: "
      "`unlock`), then run again; what cannot be read back is not measured");
}

Error bench_failed(const Job& job, const Fault& fault) {
  return Error(ErrorKind::bench_fault, describe(fault), job.where(),
               fault.remedy.empty() ? "check probe, cable and the board's power, then run again with --resume"
                                    : fault.remedy);
}

Error not_written(const Job& job, const std::string& why) {
  return job.wrong("the image cannot be on the board: " + why,
                   "check that " + job.image.file.string() + ", which begins at " +
                       hex_address(first_address(job.image)) +
                       ", is for this chip, and `config` in the bench file");
}

// What a fault over the image means. A core that answers while its flash does not is locked; where neither
// does, the board may be in a reset, or without power.
asio::awaitable<Error> meaning_of(const Job& job, Target& target, Fault fault) {
  if (fault.kind != FaultKind::refused) co_return bench_failed(job, fault);
  const auto begin = static_cast<std::uint32_t>(first_address(job.image));
  const Result<bool> may_be_flash = co_await target.may_be_flash(begin);
  if (may_be_flash && !*may_be_flash)
    co_return not_written(job, "the chip has no flash at " + hex_address(begin));
  const Result<std::vector<std::uint8_t>> flash = co_await target.read(begin, 4);
  const Result<probe::CoreState> core = co_await target.state();
  const bool answers = core && (core->word == "running" || core->word == "halted");
  if (!flash && answers) co_return locked(job, flash.error());
  if (!flash) co_return bench_failed(job, fault);
  co_return not_written(job, fault.what);
}

asio::awaitable<void> check_read_back(const Job& job, Target& target) {
  Result<std::optional<std::uint32_t>> difference = co_await target.difference(job.image);
  if (!difference &&
      difference.error().kind == FaultKind::refused)  // once, as a board that resets itself does
    difference = co_await target.difference(job.image);
  if (!difference) {
    const Error error = co_await meaning_of(job, target, difference.error());
    throw Error(error);
  }
  if (!*difference) co_return;
  throw job.wrong("the board does not hold " + job.name() + ": what the probe reads back differs from " +
                      hex_address(**difference) + " on",
                  "put the image on the board, for example with `tinyhil run --image " +
                      job.image.file.string() + "`, or correct `image` in the bench file");
}

asio::awaitable<Target::Flashed> put(const Job& job, Target& target) {
  const Result<Target::Flashed> flashed = co_await target.flash(job.image);
  if (flashed && *flashed == Target::Flashed::already) {
    const Result<void> started = co_await target.reset(Target::Reset::run);
    if (!started) throw bench_failed(job, started.error());
  }
  if (flashed) co_return *flashed;
  if (flashed.error().kind != FaultKind::wrong_image) {
    const Error error = co_await meaning_of(job, target, flashed.error());
    throw Error(error);
  }
  const Result<std::optional<std::uint32_t>> difference = co_await target.difference(job.image);
  const std::string from = difference && *difference ? ": what the probe reads back differs from " +
                                                           hex_address(**difference) + " on"
                                                     : "";
  throw job.wrong("the flash does not hold what was written to it, " + job.name() + from,
                  flashed.error().remedy);
}

Fault proof_of(const Job& job, const char* how) {
  return {FaultKind::read_back, job.probe + " has read the firmware back, " + how,
          job.image.digest.hex() + ", " + std::to_string(job.image.flash_size) + " bytes"};
}

asio::awaitable<Fault> put_and_prove(const Job& job, probe::OpenOcd& openocd) {
  Target target(openocd);
  const Target::Flashed flashed = co_await put(job, target);
  co_return proof_of(
      job, flashed == Target::Flashed::now ? "which was put there before" : "which was there already");
}

asio::awaitable<Fault> prove_only(const Job& job, probe::OpenOcd& openocd) {
  Target target(openocd);
  co_await check_read_back(job, target);
  co_return proof_of(job, "which was there already");
}

}  // namespace

BoardFirmware::BoardFirmware(Board& board) : board_(board), probe_(bench::board_access(board)->probe()) {
  if (!probe_ || !board.image) return;
  FirmwareImage image = load_firmware_image(*board.image);
  if (board.is_put) require_addresses(image);
  if (!image.has_addresses) return;  // it is left to the device's own word
  wanted_ = std::move(image);
  is_to_be_put_ = board.is_put;
}

void BoardFirmware::want(const FirmwareImage& image) {
  require_addresses(image);
  board_.image = image.file;
  wanted_ = image;
  is_to_be_put_ = true;
}

void BoardFirmware::prove() {
  if (!probe_ || !wanted_) return;
  asio::io_context io(1);
  const std::unique_ptr<probe::OpenOcd> openocd = probe::OpenOcd::start(io.get_executor(), *probe_);
  const Job job{board_, *wanted_, openocd->describe()};
  proofs_.push_back(
      transport::run_to_end(io, is_to_be_put_ ? put_and_prove(job, *openocd) : prove_only(job, *openocd)));
  is_to_be_put_ = false;
}

std::vector<Fault> BoardFirmware::take_proofs() { return std::exchange(proofs_, {}); }

}  // namespace tinyhil::campaign
