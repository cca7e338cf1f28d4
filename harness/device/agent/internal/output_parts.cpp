// SPDX-License-Identifier: Apache-2.0
#include "output_parts.hpp"

#include <algorithm>

namespace tinyhil::device {

namespace {

// A device sends one output at a time: more than a few are only incomplete on a line that loses much. Those
// beyond the bound are asked for again.
constexpr std::size_t kBytesMost = 64 << 20;

}  // namespace

std::list<OutputParts::Incomplete>::iterator OutputParts::find(Key key) {
  return std::ranges::find(incomplete_, key, &Incomplete::key);
}

OutputParts::Incomplete& OutputParts::at(Key key, std::size_t size) {
  if (const auto found = find(key); found != incomplete_.end()) return *found;
  const std::size_t most = std::max<std::size_t>(1, kBytesMost / std::max<std::size_t>(size, 1));
  if (incomplete_.size() >= most) incomplete_.pop_front();
  incomplete_.push_back({key, {}, std::vector<std::uint8_t>(size), std::vector<bool>(size), size});
  return incomplete_.back();
}

bool OutputParts::add_head(Key key, Head head, std::size_t size) {
  const auto found = find(key);
  const bool is_another = found != incomplete_.end() && found->head && found->head->digest != head.digest;
  if (is_another) incomplete_.erase(found);
  Incomplete& output = at(key, size);
  if (!output.head) output.head = std::move(head);  // the first time is the one that is measured
  return is_another;
}

bool OutputParts::add_part(Key key, std::uint32_t offset, std::span<const std::uint8_t> content,
                           std::size_t size) {
  if (offset > size || content.size() > size - offset) return false;
  Incomplete& output = at(key, size);
  for (std::size_t i = 0; i < content.size(); ++i) {
    output.output[offset + i] = content[i];
    output.missing -= output.has[offset + i] ? 0 : 1;
    output.has[offset + i] = true;
  }
  return true;
}

std::optional<OutputParts::Whole> OutputParts::take(Key key) {
  const auto found = find(key);
  if (found == incomplete_.end() || !found->head || found->missing > 0) return std::nullopt;
  Whole whole{std::move(*found->head), std::move(found->output)};
  incomplete_.erase(found);
  const Digest digest = sha256(whole.output);
  if (!std::equal(whole.head.digest.begin(), whole.head.digest.end(), digest.bytes.begin()))
    return std::nullopt;
  return whole;
}

}  // namespace tinyhil::device
