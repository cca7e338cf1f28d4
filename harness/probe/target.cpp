// SPDX-License-Identifier: Apache-2.0
#include "target.hpp"

#include <algorithm>

#include "base/file_content.hpp"
#include "base/hex.hpp"
#include "base/temporary_folder.hpp"
#include "probe/internal/tcl_text.hpp"

namespace tinyhil::probe {

namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

constexpr milliseconds kControlLimit{10'000};
constexpr std::uint32_t kStep = 4096;             // bytes a call
constexpr std::size_t kFewBytes = 64;             // are written by a command without a file
constexpr std::size_t kSlowestBytesAMs = 4;       // what a slow probe moves
constexpr std::size_t kSlowestFlashBytesAMs = 1;  // and a slow flash takes
constexpr std::size_t kPiece = 4096;              // bytes read back at once
constexpr int kPieceTries = 3;
constexpr std::uint32_t kFaultStatus = 0xE000ED28;  // CFSR, HFSR, DFSR, MMFAR, BFAR
// Who ends OpenOCD politely leaves a core behind that handles its faults by itself.
constexpr const char* kCatchFaults =
    "catch {cortex_m vector_catch hard_err int_err bus_err state_err chk_err nocp_err mm_err}; "
    "lappend ::pre_shutdown_commands {catch {cortex_m vector_catch none}}";
constexpr const char* kRegisters = "{r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 sp lr pc xPSR}";

milliseconds limit_for(std::size_t bytes, std::size_t bytes_a_ms) {
  return kControlLimit + milliseconds(bytes / bytes_a_ms);
}

Fault nonsense(const std::string& text) {
  return {FaultKind::corrupt, "OpenOCD answered what is no memory", text.substr(0, 200)};
}

// Of "name flash0 base 0 size 1048576 ..."; 0 when it is not said.
std::uint64_t number_of(const std::vector<std::string>& words, std::string_view key) {
  for (std::size_t i = 0; i + 1 < words.size(); i += 2)
    if (words[i] == key) return parse_address(words[i + 1]).value_or(0);
  return 0;
}

// Whole words around the bytes.
struct Words {
  std::uint32_t address;
  std::uint32_t count;
};
Words words_around(std::uint32_t address, std::uint32_t size) {
  const std::uint32_t begin = address & ~3U;
  return {begin, (address + size - begin + 3) / 4};
}

}  // namespace

asio::awaitable<Result<void>> Target::tell(std::string command, milliseconds limit) {
  const Result<std::string> answer = co_await openocd_.call(std::move(command), limit);
  if (!answer) co_return answer.error();
  co_return Result<void>();
}

asio::awaitable<Result<Bytes>> Target::read(std::uint32_t address, std::uint32_t size) {
  Bytes bytes;
  for (std::uint32_t done = 0; done < size;) {
    const std::uint32_t part = std::min(size - done, kStep);
    const Words words = words_around(address + done, part);
    std::string command = "read_memory " + hexadecimal(words.address) + " 32 " + std::to_string(words.count);
    const Result<std::string> text = co_await openocd_.call(std::move(command));
    if (!text) co_return text.error();
    const auto numbers = tcl_numbers(*text, words.count);
    if (!numbers || numbers->size() != words.count) co_return nonsense(*text);
    for (std::uint32_t i = address + done - words.address, end = i + part; i < end; ++i) {
      bytes.push_back(static_cast<std::uint8_t>((*numbers)[i / 4] >> (8 * (i % 4))));
    }
    done += part;
  }
  co_return bytes;
}

asio::awaitable<Result<void>> Target::write(std::uint32_t address, Bytes bytes) {
  if (bytes.size() > kFewBytes) {
    std::string load = "load_image ";
    co_return co_await put_from_file(std::move(load), address, bytes, kSlowestBytesAMs);
  }
  std::string command = "write_memory " + hexadecimal(address) + " 8 {";
  for (const std::uint8_t byte : bytes) command += std::to_string(byte) + ' ';
  command += '}';
  co_return co_await tell(std::move(command), kControlLimit);
}

// OpenOCD reads words of a command far more slowly than a file.
asio::awaitable<Result<void>> Target::put_from_file(std::string command, std::uint32_t address,
                                                    std::span<const std::uint8_t> bytes,
                                                    std::size_t bytes_a_ms) {
  const TemporaryFolder folder;
  const std::string_view content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::filesystem::path file = folder.write("content", content);
  command += tcl_word(file.string()) + " " + hexadecimal(address) + " bin";
  co_return co_await tell(std::move(command), limit_for(bytes.size(), bytes_a_ms));
}

asio::awaitable<Result<void>> Target::halt() {
  std::string command = "halt";
  return tell(std::move(command), kControlLimit);
}

asio::awaitable<Result<void>> Target::resume() {
  std::string command = "resume";
  return tell(std::move(command), kControlLimit);
}

asio::awaitable<Result<void>> Target::reset(Reset how) {
  std::string command = how == Reset::halt ? "reset halt" : "reset run";
  return tell(std::move(command), kControlLimit);
}

// OpenOCD looks at the core ten times a second, but not while it is asked without a pause.
asio::awaitable<Result<CoreState>> Target::state() {
  std::string command = "poll; [target current] curstate";
  const Result<std::string> word = co_await openocd_.call(std::move(command));
  if (!word) co_return word.error();
  CoreState state;
  state.word = *word;
  if (state.word == "halted") {
    std::string ask = std::string("[target current] get_reg -force ") + kRegisters;
    const Result<std::string> text = co_await openocd_.call(std::move(ask));
    if (!text) co_return text.error();
    const auto parts = tcl_list(*text, 64);
    if (!parts || parts->size() % 2 != 0) co_return nonsense(*text);
    for (std::size_t i = 0; i < parts->size(); i += 2) {
      const auto value = parse_address((*parts)[i + 1]);
      if (!value) co_return nonsense(*text);
      state.core.emplace_back((*parts)[i], static_cast<std::uint32_t>(*value));
    }
  }
  std::string ask = "read_memory " + hexadecimal(kFaultStatus) + " 32 5";
  const Result<std::string> text = co_await openocd_.call(std::move(ask));
  if (!text) co_return text.error();
  const auto numbers = tcl_numbers(*text, 5);
  if (!numbers || numbers->size() != 5) co_return nonsense(*text);
  state.faults = {(*numbers)[0], (*numbers)[1], (*numbers)[3], (*numbers)[4]};
  co_return state;
}

asio::awaitable<Result<std::uint32_t>> Target::read_register(std::string name) {
  std::string ask = "lindex [[target current] get_reg -force " + tcl_word(name) + "] 1";
  const Result<std::string> text = co_await openocd_.call(std::move(ask));
  if (!text) co_return text.error();
  const auto value = parse_address(*text);
  if (!value) co_return nonsense(*text);
  co_return static_cast<std::uint32_t>(*value);
}

asio::awaitable<Result<void>> Target::catch_faults() {
  std::string command = kCatchFaults;
  return tell(std::move(command), kControlLimit);
}

// In one command to a file: ten times as fast as words in an answer.
asio::awaitable<Result<Bytes>> Target::read_piece(std::uint32_t address, std::size_t size) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "read";
  std::string command =
      "dump_image " + tcl_word(file.string()) + " " + hexadecimal(address) + " " + std::to_string(size);
  const Result<void> read = co_await tell(std::move(command), limit_for(size, kSlowestBytesAMs));
  if (!read) co_return read.error();
  Bytes bytes = read_file(file, size, "what was read back");
  if (bytes.size() != size) co_return nonsense(std::to_string(bytes.size()) + " bytes in a file");
  co_return bytes;
}

// A bad contact costs the piece that it falls into.
asio::awaitable<Result<Bytes>> Target::read_back(std::uint32_t address, std::size_t size) {
  Bytes all;
  int refused = 0;  // of this piece
  while (all.size() < size) {
    const auto from = static_cast<std::uint32_t>(address + all.size());
    const Result<Bytes> piece = co_await read_piece(from, std::min(size - all.size(), kPiece));
    const bool again = !piece && piece.error().kind == FaultKind::refused && ++refused < kPieceTries;
    if (again) continue;
    if (!piece) co_return piece.error();
    refused = 0;
    all.insert(all.end(), piece->begin(), piece->end());
  }
  co_return all;
}

asio::awaitable<Result<std::optional<std::uint32_t>>> Target::difference(const FirmwareImage& image) {
  for (const FlashSegment& segment : image.segments) {
    const auto begin = static_cast<std::uint32_t>(segment.address);
    const Result<Bytes> there = co_await read_back(begin, segment.bytes.size());
    if (!there) co_return there.error();
    const auto [differs, unused] = std::ranges::mismatch(segment.bytes, *there);
    if (differs != segment.bytes.end())
      co_return std::optional(begin + static_cast<std::uint32_t>(differs - segment.bytes.begin()));
  }
  co_return std::optional<std::uint32_t>();
}

asio::awaitable<Result<bool>> Target::holds(const FirmwareImage& image) {
  const Result<std::optional<std::uint32_t>> first = co_await difference(image);
  if (!first) co_return first.error();
  co_return !first->has_value();
}

// All is erased before anything is written: two segments may share a sector.
asio::awaitable<Result<void>> Target::put(const FirmwareImage& image) {
  Result<void> done = co_await reset(Reset::halt);
  if (!done) co_return done;
  std::string ask = "llength [flash list]";
  const Result<std::string> banks = co_await openocd_.call(std::move(ask));
  if (!banks) co_return banks.error();
  const bool has_flash = *banks != "0";
  for (const FlashSegment& segment : image.segments) {
    if (!has_flash) break;
    const std::size_t size = segment.bytes.size();
    std::string erase =
        "flash erase_address pad unlock " + hexadecimal(segment.address) + " " + std::to_string(size);
    done = co_await tell(std::move(erase), limit_for(size, kSlowestFlashBytesAMs));
    if (!done) co_return done;
  }
  for (const FlashSegment& segment : image.segments) {
    std::string command = has_flash ? "flash write_image " : "load_image ";
    const auto address = static_cast<std::uint32_t>(segment.address);
    done = co_await put_from_file(std::move(command), address, segment.bytes, kSlowestFlashBytesAMs);
    if (!done) co_return done;
  }
  co_return Result<void>();
}

// A bank's size is 0 until it was probed, which a locked one refuses.
asio::awaitable<Result<bool>> Target::may_be_flash(std::uint32_t address) {
  std::string probe = "for {set i 0} {$i < [llength [flash list]]} {incr i} {catch {flash probe $i}}";
  const Result<void> probed = co_await tell(std::move(probe), kControlLimit);
  if (!probed) co_return probed.error();
  std::string ask = "flash list";
  const Result<std::string> text = co_await openocd_.call(std::move(ask));
  if (!text) co_return text.error();
  const auto banks = tcl_list(*text, 64);
  if (!banks) co_return nonsense(*text);
  if (banks->empty()) co_return true;
  for (const std::string& bank : *banks) {
    const auto words = tcl_list(bank, 64);
    if (!words) co_return nonsense(*text);
    const std::uint64_t base = number_of(*words, "base"), size = number_of(*words, "size");
    if (address >= base && (size == 0 || address - base < size)) co_return true;
  }
  co_return false;
}

asio::awaitable<Result<Target::Flashed>> Target::flash(const FirmwareImage& image) {
  Result<bool> is_there = co_await holds(image);
  if (is_there && *is_there) co_return Flashed::already;
  for (int tries = 2; tries > 0; --tries) {
    const Result<void> done = co_await put(image);
    const bool again = !done && done.error().kind == FaultKind::refused && tries > 1;
    if (again) continue;
    if (!done) co_return done.error();
    is_there = co_await holds(image);
    if (!is_there) co_return is_there.error();
    if (!*is_there) continue;
    const Result<void> started = co_await reset(Reset::run);
    if (!started) co_return started.error();
    co_return Flashed::now;
  }
  co_return Fault{FaultKind::wrong_image,
                  "the board does not hold the image that was written to it",
                  {},
                  "check the target file in `config`, write protection and the supply"};
}

}  // namespace tinyhil::probe
