// SPDX-License-Identifier: Apache-2.0
#include "held_samples.hpp"

#include <algorithm>

namespace tinyhil::meter {

HeldSamples::HeldSamples(SampleSink& sink, const WordReader& reader, WordFormat format)
    : sink_(sink), reader_(reader), width_(width(format)), has_lines_(meter::has_lines(format)) {
  words_.reserve(kUsual);
}

void HeldSamples::add(std::span<const std::uint8_t> words) {
  words_.insert(words_.end(), words.begin(), words.end());
  end_ += words.size() / width_;
}

void HeldSamples::add_gap(std::uint64_t count, GapCause cause) {
  if (count == 0) return;
  gaps_.push_back({words_.size() / width_, count, cause});
  end_ += count;
}

void HeldSamples::emit(std::size_t from, std::size_t to) {
  while (from < to) {
    const std::size_t count = std::min(kBlock, to - from);
    const std::span<const std::uint8_t> words(words_.data() + from * width_, count * width_);
    reader_.read(words, current_a_, lines_);
    const std::span<const std::uint8_t> lines(lines_.data(), has_lines_ ? count : 0);
    sink_.samples({first_, words, {current_a_.data(), count}, lines});
    first_ += count;
    from += count;
  }
}

void HeldSamples::release() {
  std::size_t at = 0;
  for (const HeldGap& gap : gaps_) {
    emit(at, gap.before);
    sink_.gap({first_, gap.count, gap.cause});
    first_ += gap.count;
    at = gap.before;
  }
  emit(at, words_.size() / width_);
  words_.clear();
  gaps_.clear();
}

void HeldSamples::drop_before(std::uint64_t number, std::uint64_t lost) {
  std::size_t words = 0;
  std::uint64_t at = first_;
  auto gap = gaps_.begin();
  while (at < number) {
    if (gap != gaps_.end() && gap->before == words) {
      at += gap++->count;
      continue;
    }
    const std::size_t until = gap != gaps_.end() ? gap->before : words_.size() / width_;
    if (until == words) break;
    const std::uint64_t count = std::min<std::uint64_t>(until - words, number - at);
    words += static_cast<std::size_t>(count);
    at += count;
  }
  words_.erase(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(words * width_));
  gaps_.erase(gaps_.begin(), gap);
  for (HeldGap& each : gaps_) each.before -= words;
  if (at + lost > first_) sink_.gap({first_, at - first_ + lost, GapCause::clock});
  first_ = at + lost;
  end_ += lost;
}

}  // namespace tinyhil::meter
