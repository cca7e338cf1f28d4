// SPDX-License-Identifier: Apache-2.0
#include "bank_erase.hpp"

#include <algorithm>
#include <chrono>

#include "base/hex.hpp"
#include "probe/internal/tcl_text.hpp"

namespace tinyhil::probe {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookLimit{10'000};
constexpr milliseconds kEraseLimit{300'000};  // of a bank
constexpr std::size_t kBanksMost = 64;

struct Bank {
  std::uint64_t base = 0;
  std::uint64_t size = 0;
};

std::uint64_t value_of(const std::vector<std::string>& words, std::string_view key) {
  for (std::size_t i = 0; i + 1 < words.size(); i += 2)
    if (words[i] == key) return parse_address(words[i + 1]).value_or(0);
  return 0;
}

std::optional<std::vector<Bank>> banks_in(const std::string& text) {
  const auto entries = tcl_list(text, kBanksMost);
  if (!entries) return std::nullopt;
  std::vector<Bank> banks;
  for (const std::string& entry : *entries) {
    const auto words = tcl_list(entry, kBanksMost);
    if (!words) return std::nullopt;
    banks.push_back({value_of(*words, "base"), value_of(*words, "size")});
  }
  return banks;
}

bool holds_part(const Bank& bank, const FirmwareImage& image) {
  return std::ranges::any_of(image.segments, [&bank](const FlashSegment& segment) {
    return segment.address < bank.base + bank.size && bank.base < segment.address + segment.bytes.size();
  });
}

}  // namespace

asio::awaitable<Result<void>> erase_banks_of(OpenOcd& openocd, const FirmwareImage& image) {
  std::string look =
      "reset halt; for {set i 0} {$i < [llength [flash list]]} {incr i} {catch {flash probe $i}}; flash list";
  const Result<std::string> text = co_await openocd.call(std::move(look), kLookLimit);
  if (!text) co_return text.error();
  const std::optional<std::vector<Bank>> banks = banks_in(*text);
  if (!banks) co_return Fault{FaultKind::corrupt, "OpenOCD answered what is no list of banks", *text};
  std::size_t erased = 0;
  for (std::size_t i = 0; i < banks->size(); ++i) {
    if (!holds_part((*banks)[i], image)) continue;
    std::string erase = "flash erase_sector " + std::to_string(i) + " 0 last";
    const Result<std::string> done = co_await openocd.call(std::move(erase), kEraseLimit);
    if (!done) co_return done.error();
    ++erased;
  }
  if (erased > 0) co_return Result<void>();
  co_return Fault{FaultKind::refused, "OpenOCD knows no flash for the image that could be erased", *text,
                  "check the target file in `config`, and that the image is for this chip"};
}

}  // namespace tinyhil::probe
