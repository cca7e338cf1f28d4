// SPDX-License-Identifier: Apache-2.0
#include "ppk2_stream.hpp"

#include <algorithm>

namespace tinyhil::meter {

namespace {

constexpr std::size_t kWindow = 32;                                  // words that are compared
constexpr std::size_t kWindowBytes = (kWindow + 1) * kPpk2WordSize;  // at each of four offsets
constexpr std::size_t kEnough = kWindow / 2;                         // of them have to run on
constexpr std::size_t kBlock = 64;

// Not 0 where the word has another counter, or no range.
std::uint32_t badness(Ppk2Word word, std::uint32_t counter) {
  const std::uint32_t jump = ((word.bits >> 18) ^ counter) & (kPpk2CounterEnd - 1);
  const std::uint32_t no_range = word.bits >> 16 & (word.bits >> 15 | word.bits >> 14) & 1;
  return jump | no_range;
}

bool runs_on(Ppk2Word word, Ppk2Word next) {
  return badness(word, word.counter()) == 0 && badness(next, word.counter() + 1) == 0;
}

// The smallest count with this remainder that is not below the least.
std::uint64_t counted(std::uint64_t remainder, std::uint64_t least) {
  if (least <= remainder) return remainder;
  return least + (remainder - least) % kPpk2CounterEnd;
}

}  // namespace

void Ppk2Stream::push(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), bytes_.size() - end_);
    std::copy_n(bytes.begin(), size, bytes_.begin() + static_cast<std::ptrdiff_t>(end_));
    end_ += size;
    bytes = bytes.subspan(size);
    process();
  }
}

// The last good word waits for one that follows it: behind a byte that got lost, a word of parts of two can
// look good, but hardly the next one, too.
void Ppk2Stream::process() {
  for (bool goes_on = true; goes_on;) {
    const std::size_t run = aligned_ ? good_run() : 0;
    if (run > 1) {
      receiver_.words({bytes_.data() + begin_, (run - 1) * kPpk2WordSize});
      expected_ = (expected_ + static_cast<unsigned>(run) - 1) % kPpk2CounterEnd;
      consume((run - 1) * kPpk2WordSize);
    }
    const bool all_good = aligned_ && words_left() <= 1;
    goes_on = !all_good && end_ - begin_ >= kWindowBytes;
    if (goes_on) resolve();
  }
  std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
            bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
  end_ -= begin_;
  begin_ = 0;
}

std::size_t Ppk2Stream::good_run() const {
  const std::size_t count = words_left();
  std::size_t at = 0;
  for (; at + kBlock <= count; at += kBlock) {
    std::uint32_t bad = 0;
    for (std::size_t n = 0; n < kBlock; ++n)
      bad |= badness(word_at(0, at + n), expected_ + static_cast<std::uint32_t>(at + n));
    if (bad != 0) break;
  }
  while (at < count && badness(word_at(0, at), expected_ + static_cast<std::uint32_t>(at)) == 0) ++at;
  return at;
}

std::optional<Ppk2Stream::Start> Ppk2Stream::find_start() const {
  std::size_t best_score = kEnough - 1;
  std::optional<Start> best;
  for (std::size_t offset = 0; offset < kPpk2WordSize; ++offset) {
    std::array<bool, kWindow> good{};  // a word, and the one after it
    for (std::size_t n = 0; n + 1 < kWindow; ++n)
      good[n] = runs_on(word_at(offset, n), word_at(offset, n + 1));
    const auto score = static_cast<std::size_t>(std::ranges::count(good, true));
    // An aligned stream begins with the word that waits, which nothing follows.
    const std::size_t from = aligned_ && offset == 0 ? 1 : 0;
    const auto first = std::adjacent_find(good.begin() + static_cast<std::ptrdiff_t>(from), good.end(),
                                          [](bool a, bool b) { return a && b; });
    if (score <= best_score || first == good.end()) continue;
    best_score = score;
    // The first word at another place can be parts of two.
    const std::size_t doubtful = aligned_ && offset != 0 ? 1 : 0;
    best = Start{offset, static_cast<std::size_t>(first - good.begin()) + doubtful};
  }
  return best;
}

void Ppk2Stream::resolve() {
  if (const std::optional<Start> start = find_start()) return resume_at(*start);
  aligned_ = false;
  consume(kWindowBytes / 2);
  skipped_ += kWindowBytes / 2;
}

void Ppk2Stream::resume_at(const Start& start) {
  const bool same_place = aligned_ && start.offset == 0;
  if (same_place) {  // the word that waits is good
    receiver_.words({bytes_.data() + begin_, kPpk2WordSize});
    expected_ = (expected_ + 1) % kPpk2CounterEnd;
    consume(kPpk2WordSize);
  }
  const std::size_t skip = start.offset + (start.word - (same_place ? 1 : 0)) * kPpk2WordSize;
  consume(skip);
  skipped_ += skip;
  const unsigned counter = word_at(0, 0).counter();
  const unsigned remainder = (counter + kPpk2CounterEnd - expected_) % kPpk2CounterEnd;
  const std::uint64_t count = counted(remainder, skipped_ / kPpk2WordSize);
  if (started_ && count > 0) receiver_.lost(count, skipped_ > 0 ? GapCause::corrupted : GapCause::counter);
  expected_ = counter;
  aligned_ = started_ = true;
  skipped_ = 0;
}

void Ppk2Stream::consume(std::size_t bytes) { begin_ += bytes; }

void Ppk2Stream::finish() {
  const std::size_t run = aligned_ ? good_run() : 0;
  if (run > 0) receiver_.words({bytes_.data() + begin_, run * kPpk2WordSize});
  consume(run * kPpk2WordSize);
  const std::uint64_t rest = (skipped_ + (end_ - begin_)) / kPpk2WordSize;
  if (started_ && rest > 0) receiver_.lost(rest, GapCause::corrupted);
  begin_ = end_ = 0;
  aligned_ = started_ = false;
  skipped_ = 0;
}

}  // namespace tinyhil::meter
