// SPDX-License-Identifier: Apache-2.0
// A device that runs our agent: its slots are filled and its models loaded once a session.
#pragma once

#include <map>
#include <memory>

#include "agent_link.hpp"
#include "device/device.hpp"

namespace tinyhil::device {

class AgentDevice : public Device {
 public:
  explicit AgentDevice(std::unique_ptr<transport::Transport> transport, Timing timing = {});

  asio::awaitable<Result<DeviceIdentity>> greet(Boot boot) override;
  asio::awaitable<Result<void>> speed_up() override;
  asio::awaitable<Result<Digest>> segment(std::uint32_t offset, std::uint32_t size) override;
  asio::awaitable<Result<LoadedModel>> prepare(const ModelFile& model, std::optional<std::uint8_t> slot,
                                               RunReport& report) override;
  std::vector<Wave> plan(const EncodedVectors& vectors) const override;
  // In throughput mode transfer and inference overlap, unless slots are filled past the line.
  asio::awaitable<Result<void>> run(const Wave& wave, std::vector<RunRequest> requests, Sink sink,
                                    RunReport& report) override;
  asio::awaitable<Result<WindowReport>> window(WindowRequest request) override;
  bool polls_memory() const override { return link_.polls_memory(); }
  std::optional<CoreDump> take_core_dump() override { return link_.take_core_dump(); }
  asio::awaitable<void> examine_core() override { return link_.examine_core(); }
  Traffic traffic() const override;
  std::string describe() const override { return link_.describe(); }

 private:
  void forget();
  asio::awaitable<Result<void>> learn_models();
  asio::awaitable<Result<void>> learn_vectors(std::size_t slots);
  bool holds(const ModelFile& model, std::uint8_t slot) const;
  std::uint8_t slot_for(const ModelFile& model);
  asio::awaitable<Result<LoadedModel>> push_and_load(const ModelFile& model, std::uint8_t slot,
                                                     RunReport& report);

  AgentLink link_;
  DeviceIdentity identity_;
  std::vector<Digest> models_, vectors_;  // what the first slots hold, as far as was asked in this session
  std::map<std::uint8_t, LoadedModel> ready_;
  std::uint8_t next_slot_ = 0;
};

}  // namespace tinyhil::device
