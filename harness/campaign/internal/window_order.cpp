// SPDX-License-Identifier: Apache-2.0
#include "window_order.hpp"

namespace tinyhil::campaign {
namespace {

void add_rests(std::vector<WindowStep>& steps, std::uint32_t block, bool sleeps) {
  if (sleeps) steps.push_back({WindowKind::sleep, block});
  steps.push_back({WindowKind::idle, block});
}

void add_block(std::vector<WindowStep>& steps, std::uint32_t block, std::size_t models) {
  for (std::size_t model = 0; model < models; ++model) steps.push_back({WindowKind::inference, block, model});
  for (std::size_t model = models; model-- > 0;) steps.push_back({WindowKind::inference, block, model});
}

}  // namespace

std::vector<WindowStep> window_order(const WindowsWanted& wanted) {
  std::vector<std::uint32_t> blocks;
  for (std::uint32_t block = 0; block < wanted.blocks; ++block)
    if (!wanted.done.contains(block)) blocks.push_back(block);
  std::vector<WindowStep> steps;
  if (blocks.empty()) return steps;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const bool is_halfway = i == blocks.size() / 2;
    if (i == 0 || is_halfway) add_rests(steps, blocks[i], wanted.sleeps);
    add_block(steps, blocks[i], wanted.models);
  }
  add_rests(steps, blocks.back() + 1, wanted.sleeps);
  return steps;
}

}  // namespace tinyhil::campaign
