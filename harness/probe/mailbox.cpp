// SPDX-License-Identifier: Apache-2.0
#include "mailbox.hpp"

#include "probe/internal/mailbox_pump.hpp"
#include "transport/target_memory.hpp"

namespace tinyhil::probe {

namespace {

class Mailbox : public transport::Transport, private transport::TargetMemory {
 public:
  Mailbox(const asio::any_io_executor& executor, std::unique_ptr<OpenOcd> openocd, MailboxSettings settings)
      : pump_(std::make_shared<MailboxPump>(executor, std::move(openocd), std::move(settings))) {}
  ~Mailbox() override { pump_->stop(); }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  Result<std::size_t> read_some(std::span<std::uint8_t> into) override { return pump_->read_some(into); }
  Result<std::size_t> write_some(std::span<const std::uint8_t> bytes) override {
    return pump_->write_some(bytes);
  }
  asio::awaitable<void> wait(Until until) override { return pump_->wait(until); }
  void stop_waiting() override { pump_->wake_waiters(); }
  TargetMemory* memory() override { return pump_->has_variables() ? this : nullptr; }
  bool covers(std::uint32_t address, std::size_t size) const override { return pump_->covers(address, size); }
  asio::awaitable<Result<void>> write(std::uint32_t address, std::vector<std::uint8_t> bytes) override {
    return pump_->write_memory(address, std::move(bytes));
  }
  std::string describe() const override { return pump_->describe(); }
  std::string last_words() override { return pump_->last_words(); }
  bool polls_memory() const override { return true; }
  std::optional<CoreDump> take_core_dump() override { return pump_->take_core_dump(); }
  asio::awaitable<void> examine_core() override { return pump_->examine_core(); }

 private:
  std::shared_ptr<MailboxPump> pump_;  // shared with its coroutine, see there
};

}  // namespace

std::unique_ptr<transport::Transport> open_mailbox(const asio::any_io_executor& executor,
                                                   MailboxSettings settings) {
  std::unique_ptr<OpenOcd> openocd = OpenOcd::start(executor, settings.openocd);
  return std::make_unique<Mailbox>(executor, std::move(openocd), std::move(settings));
}

}  // namespace tinyhil::probe
