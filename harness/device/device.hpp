// SPDX-License-Identifier: Apache-2.0
// A device that runs models over vectors, whatever it speaks. A campaign knows no more of it; agent/ speaks
// our protocol, testing/fake_device.hpp is one in virtual time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "formats/core_dump.hpp"
#include "model/campaign.hpp"
#include "model/device.hpp"
#include "model/energy_window.hpp"
#include "model/inference_rows.hpp"
#include "model/vector_set.hpp"
#include "run_report.hpp"
#include "run_request.hpp"

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::device {

// How a board is to be waited for that is switched on or reset when its line is opened.
struct Boot {
  // Not an aggregate: GCC 12 miscompiles those in a co_await expression.
  explicit Boot(std::chrono::milliseconds until_answer = std::chrono::seconds(10),
                std::chrono::milliseconds until_sending = std::chrono::milliseconds(0))
      : limit(until_answer), quiet(until_sending) {}

  std::chrono::milliseconds limit;  // until it answers
  std::chrono::milliseconds quiet;  // nothing is sent before the agent has spoken, or for so long
};

// The same vectors as different models take them: sets of equal count that differ in their inputs. Lent.
using EncodedVectors = std::vector<const VectorSet*>;

// Consecutive vectors of a set that are sent as one.
struct VectorBlock {
  std::uint32_t first = 0;  // index in the set that plan() was given: an OrderPosition
  std::uint16_t count = 0;
  std::span<const std::uint8_t> content;  // of the vector set, which must outlive the plan
  Digest digest;
  std::uint16_t encoding = 0;  // which of the sets it is of
  std::uint8_t stride = 0;     // how it is packed for the line (agent/packing.hpp)
};

// Blocks that the device holds at the same time; block i is RunRequest::vector_slot i.
using Wave = std::vector<VectorBlock>;

// What came over the line since it was opened.
struct Traffic {
  std::uint32_t frames_good = 0;
  std::uint32_t frames_bad = 0;
  std::string stray = {};    // what came besides good frames
  std::string logged = {};   // what the board said through its agent
  std::string detours = {};  // why content went by frames that was to be written past the line
};

// Every call ends: with what was asked for, or with a Fault when the device refuses, fails or is silent for
// too long. After any other fault than a refusal the device has to be greeted again before it is asked for
// more. One call at a time; what is lent by reference must outlive the call.
//
//   Result<DeviceIdentity> identity = co_await device.greet(Boot());
//   Result<LoadedModel> loaded = co_await device.prepare(model, {}, report);
//   for (const Wave& wave : device.plan({&vectors})) co_await device.run(wave, requests(wave), sink, report);
class Device {
 public:
  // New rows of one model of one request: when the request is done, and every second of a long one.
  using Sink = std::function<void(std::size_t request, std::size_t model, const InferenceRows& rows)>;

  virtual ~Device() = default;

  // Opens a new session, with a device that may still be booting.
  virtual asio::awaitable<Result<DeviceIdentity>> greet(Boot boot) = 0;

  // Makes the line as fast as it is good. To be called once the device is known to be the right one.
  virtual asio::awaitable<Result<void>> speed_up() = 0;

  // The digest of a part of the firmware, where the identity has an `image`; offsets begin with its first
  // byte.
  virtual asio::awaitable<Result<Digest>> segment(std::uint32_t offset, std::uint32_t size) = 0;

  // Makes the model ready to run, in that slot or in one of the device's choice. What the device has already
  // is not sent again, and what is ready stays so until the session ends or its slot gets another model. A
  // device that runs another model than it was sent is at fault.
  virtual asio::awaitable<Result<LoadedModel>> prepare(const ModelFile& model,
                                                       std::optional<std::uint8_t> slot,
                                                       RunReport& report) = 0;

  // How the vectors are laid out for this device. Throws Error(usage) when not even one fits.
  // A wave has the blocks of the same vectors in every encoding, if there are slots enough.
  virtual std::vector<Wave> plan(const EncodedVectors& vectors) const = 0;

  // All rows of all requests, none twice, to `sink`; their models are ready, and they are of one mode.
  // Vectors that the device has already are not sent again. `report` says how far it came.
  virtual asio::awaitable<Result<void>> run(const Wave& wave, std::vector<RunRequest> requests, Sink sink,
                                            RunReport& report) = 0;

  // Runs an energy window. The model is ready, and the vector lies where run() has brought it in this
  // session. A window that was disturbed, or whose answer was lost, is run again, a few times: the report is
  // of the last one and says how many there were. One that ended with a failed inference is no fault:
  // `proven` says how many were good. Refused, without a word on the line, by a device whose identity has no
  // such window.
  virtual asio::awaitable<Result<WindowReport>> window(WindowRequest request) = 0;

  // Whether the line costs the device's memory bus accesses while a model runs (a debug probe).
  virtual bool polls_memory() const { return false; }
  // Where a debug probe is there: the core as it was when the device failed, told once.
  virtual std::optional<CoreDump> take_core_dump() { return std::nullopt; }
  // Has the core of a device that fell silent looked at, for take_core_dump().
  virtual asio::awaitable<void> examine_core() { co_return; }

  virtual Traffic traffic() const = 0;
  virtual std::string describe() const = 0;  // of the line: "serial /dev/ttyACM0 at 115200"
};

}  // namespace tinyhil::device
