// SPDX-License-Identifier: Apache-2.0
#include "board_line.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "identity_check.hpp"
#include "model/error.hpp"

namespace tinyhil {

namespace {

constexpr std::chrono::seconds kBootLimit{10};
constexpr std::chrono::seconds kReplugLimit{10};
constexpr std::chrono::milliseconds kReplugPause{250};

}  // namespace

void throw_bench_fault(const Board& board, const Fault& fault) {
  throw Error(
      ExitCode::bench_fault, describe(fault), "board " + board.name,
      fault.remedy.empty() ? "check power, cable and port, then run again with --resume" : fault.remedy);
}

Fault crash_fault(const CrashRecord& crash) {
  return {FaultKind::reset, "the device crashed", crash.describe(),
          "look the PC up in the image: arm-none-eabi-addr2line -e agent.elf ADDRESS"};
}

BoardLine::BoardLine(const Board& board, Connect connect) : board_(board), connect_(std::move(connect)) {
  if (board.image) image_ = load_firmware_image(*board.image);
}

// A plug that was pulled may be put back.
asio::awaitable<void> BoardLine::reconnect() {
  const auto limit = std::chrono::steady_clock::now() + kReplugLimit;
  const bool may_come_back = link_ != nullptr;
  link_.reset();  // the old line first: a port has one user
  while (!link_) {
    try {
      link_ = std::make_unique<AgentLink>(connect_());
    } catch (const Error& error) {
      if (!may_come_back || error.code() != ExitCode::bench_fault ||
          std::chrono::steady_clock::now() >= limit)
        throw;
    }
    if (link_) co_return;
    asio::steady_timer pause(co_await asio::this_coro::executor, kReplugPause);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> BoardLine::greet() {
  co_await reconnect();
  Result<DeviceIdentity> identity = co_await link_->hello(kBootLimit);
  if (!identity) throw_bench_fault(board_, identity.error());
  co_await adopt(*identity);
}

asio::awaitable<void> BoardLine::greet_again(FaultKind after) {
  if (after == FaultKind::reset && link_) {
    Result<DeviceIdentity> identity = co_await link_->hello(kBootLimit);
    if (identity) {
      co_await adopt(*identity);
      co_return;
    }
  }
  co_await greet();
}

asio::awaitable<void> BoardLine::adopt(DeviceIdentity identity) {
  device_ = std::move(identity);
  device_.board.name = board_.name;
  check_identity(board_, image_, device_);
  if (image_) {
    device_.board.flash_size = image_->flash_size;
    device_.board.ram_size = image_->ram_size;
  }
  Result<int> rate = co_await link_->climb();
  if (!rate) throw_bench_fault(board_, rate.error());
}

asio::awaitable<Result<void>> BoardLine::push_model(const ModelFile& model, std::uint8_t slot,
                                                    const std::vector<Digest>& resident) {
  if (!device_.loads_models) co_return Result<void>();
  if (slot < resident.size() && resident[slot] == model.digest) co_return Result<void>();
  std::vector<PushBlock> image{{SlotKind::model, slot, model.content, model.digest, 0}};
  co_return co_await link_->push(std::move(image));
}

asio::awaitable<Result<LoadedModel>> BoardLine::load_model(const ModelFile& model, std::uint8_t slot) {
  Result<LoadedModel> loaded = co_await link_->load(slot);
  if (loaded && device_.loads_models && loaded->digest != model.digest) {
    co_return Fault{FaultKind::corrupt, "the device loaded another model than it was sent",
                    loaded->digest.hex(), "build the agent from the same version as the host"};
  }
  co_return loaded;
}

}  // namespace tinyhil
