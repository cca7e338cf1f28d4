// SPDX-License-Identifier: Apache-2.0
// A device in virtual time: no line, no process, no waiting. It runs the models of the fake engine
// (device-agent/tests/fake_engine.h): an image is 'F', load status, u16 input bytes, u16 output bytes, u8
// bias; output[i] = sum(input) + bias + i, and some first bytes of a vector end its inference otherwise.
#pragma once

#include <deque>
#include <map>

#include "device/device.hpp"

namespace tinyhil::test {

constexpr std::uint8_t kOverflow = 0xEB;
constexpr std::uint8_t kCrash = 0xEC;
constexpr std::uint8_t kHang = 0xED;
constexpr std::uint8_t kFailedInvoke = 0xEE;

// The board behind the line: what tests set, and what lasts longer than a session.
struct FakeBoard {
  enum class Event { silence, reset };  // the line holds back what was sent; somebody presses the button

  Provenance provenance = Provenance::process;
  SlotSpace models{8, 65'536};
  SlotSpace vectors{8, 4096};
  std::chrono::nanoseconds inference{std::chrono::microseconds(500)};
  std::chrono::nanoseconds frame{std::chrono::milliseconds(1)};  // of results, on the line
  std::map<std::uint64_t, Event> events = {};                    // by how many inferences were made before
  std::deque<std::uint64_t> line_lasts = {};                     // inferences, by connection; later ones: all

  std::optional<Digest> image = {};  // of its firmware, whose model is compiled in; none: it loads models
  WindowAbilities windows{true, true, true};
  std::map<std::string, Tensor> inputs = {};  // by model; others: bytes, with the zero point -1
  std::uint32_t layers = 3;                   // that its engine tells of

  std::uint64_t inferences = 0;
  std::chrono::nanoseconds now{0};
  std::optional<CrashRecord> crash = {};
  std::vector<device::RunRequest> asked = {};
  std::vector<WindowRequest> windows_asked = {};
};

class FakeDevice : public device::Device {
 public:
  explicit FakeDevice(FakeBoard& board);

  asio::awaitable<Result<DeviceIdentity>> greet(device::Boot boot) override;
  asio::awaitable<Result<void>> speed_up() override;
  asio::awaitable<Result<Digest>> segment(std::uint32_t offset, std::uint32_t size) override;
  asio::awaitable<Result<LoadedModel>> prepare(const ModelFile& model, std::optional<std::uint8_t> slot,
                                               device::RunReport& report) override;
  std::vector<device::Wave> plan(const device::EncodedVectors& vectors) const override;
  asio::awaitable<Result<void>> run(const device::Wave& wave, std::vector<device::RunRequest> requests,
                                    Sink sink, device::RunReport& report) override;
  asio::awaitable<Result<WindowReport>> window(WindowRequest request) override;
  device::Traffic traffic() const override { return {}; }
  std::string describe() const override { return "fake board"; }

 private:
  using Bytes = std::vector<std::uint8_t>;
  struct Work;  // one request under way

  Result<LoadedModel> load(const ModelFile& model, device::RunReport& report);
  Result<void> run_request(Work& work);
  Result<void> infer(Work& work, std::uint32_t vector, std::uint16_t repeat, std::size_t model);
  void add_row(Work& work, std::size_t model, const CrashRecord& here);
  Result<void> fail(Work& work, std::uint8_t first_byte, const CrashRecord& here);
  Result<void> happen(Work& work);
  Result<void> fall_silent(Work& work);
  Result<WindowReport> between_edges(const WindowRequest& request);
  Fault crash_in(const WindowRequest& request);

  FakeBoard& board_;
  std::map<std::uint8_t, Bytes> images_;                  // of the models that are ready
  std::map<std::uint16_t, device::VectorBlock> vectors_;  // by slot, of the last wave
  std::optional<std::uint64_t> line_ends_;                // after so many inferences
};

}  // namespace tinyhil::test
