// SPDX-License-Identifier: Apache-2.0
// What a Runner does with models that are in firmware images, on a board that can be programmed.
#include <algorithm>

#include "campaign/identity_check.hpp"
#include "image_turns.hpp"
#include "runner.hpp"

namespace tinyhil::campaign {

namespace {

constexpr std::uint64_t kBlocks = 4;  // a run erases the flash five times, and a drift is seen in halves

}  // namespace

// The baseline's first. Two models of one content are one image.
std::vector<const FirmwareImage*> Runner::images() const {
  std::vector<const FirmwareImage*> images;
  for (const Cell& cell : cells_) {
    const FirmwareImage& own = *cell.model->image;
    const bool is_known =
        std::ranges::any_of(images, [&](const FirmwareImage* image) { return image->digest == own.digest; });
    if (!is_known) images.push_back(&own);
  }
  return images;
}

// Whether something is missing. What the baseline gives a second time is to show what putting its image on
// the board again does, so it is left out of the first block.
bool Runner::set_image_goals(const FirmwareImage& image, std::uint64_t end, bool is_first) {
  bool is_missing = false;
  for (Cell& cell : cells_) {
    cell.is_here = cell.model->image->digest == image.digest;
    const bool is_control = cell.role == TrialRole::control;
    cell.goal = is_control ? std::min(is_first ? 0 : end, setup_.control_vectors) : end;
    if (!cell.is_here) cell.loaded.reset();
    const bool lacks_some = !cell.ledger.is_done(0, static_cast<std::size_t>(cell.goal));
    is_missing = is_missing || (cell.is_here && !cell.ended && lacks_some);
  }
  return is_missing;
}

void Runner::put(const FirmwareImage& image) {
  setup_.put_image(image);
  line_.expect(image);
}

asio::awaitable<void> Runner::run_images() {
  const std::uint64_t all = setup_.share.before(looks_.back());
  const std::uint64_t blocks = setup_.campaign.order == Order::abba ? kBlocks : 1;
  const std::vector<const FirmwareImage*> there_are = images();
  const FirmwareImage* on_board = nullptr;
  for (const ImageTurn& turn : image_turns(there_are.size(), all, blocks)) {
    const FirmwareImage& image = *there_are[turn.image];
    if (!set_image_goals(image, turn.end, turn.is_first)) continue;
    const bool is_first = on_board == nullptr;
    if (on_board != &image) {
      put(image);
      co_await greet();
      check_kinds(setup_.campaign, line_.identity());
      check_same_board(setup_.campaign, setup_.earlier, line_.identity());
    }
    on_board = &image;
    if (is_first) co_await begin_session();
    co_await run_here();
  }
  if (on_board == nullptr && setup_.meeting != nullptr) co_await setup_.meeting->gather();
  look_ = looks_.back();
  for (Cell& cell : cells_)
    cell.goal = cell.role == TrialRole::control ? std::min(all, setup_.control_vectors) : all;
  settle({});
}

}  // namespace tinyhil::campaign
