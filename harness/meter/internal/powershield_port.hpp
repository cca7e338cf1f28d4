// SPDX-License-Identifier: Apache-2.0
// The conversation with one of ST's meters over its serial port: commands and their answers, and recordings.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "meter/internal/powershield_recording.hpp"
#include "meter/internal/powershield_stream.hpp"
#include "meter/internal/timed_line.hpp"

namespace tinyhil::meter {

class PowershieldPort : private PowershieldReceiver {
 public:
  PowershieldPort(const PowershieldDialect& dialect, const asio::any_io_executor& executor,
                  std::unique_ptr<transport::Transport> line);

  // Ends a recording of an earlier run and waits until the port is quiet: what is under way would be taken
  // for answers, and swallows them. Fault timeout when it does not become quiet.
  asio::awaitable<Result<void>> silence();

  // What the acknowledgement says behind the command, and the lines that follow. Fault refused with the
  // meter's own reason; timeout when it does not answer.
  asio::awaitable<Result<std::string>> ask(std::string command);

  // From `start` until interrupt(), or until the meter ends it, which is a fault.
  asio::awaitable<Result<void>> record(PowershieldRecording& recording, WordFormat format);
  void interrupt();

  std::string describe() const { return line_.describe(); }

 private:
  using Duration = TimedLine::Clock::duration;

  void words(std::span<const std::uint8_t> words) override;
  void amperes(float current_a) override;
  void notice(const PowershieldNotice& notice) override;

  asio::awaitable<Result<void>> hear_for(Duration limit);
  asio::awaitable<Result<bool>> hear_answer(std::string command);
  asio::awaitable<Result<std::string>> refusal(std::string command);
  asio::awaitable<Result<void>> hear_recording(PowershieldRecording& recording);
  asio::awaitable<Result<void>> end_recording(PowershieldRecording& recording);
  Fault end_of(const PowershieldRecording& recording) const;
  bool is_answered(const std::string& command, PowershieldNotice::Kind kind) const;

  const PowershieldDialect& dialect_;
  TimedLine line_;
  PowershieldStream stream_;
  std::vector<PowershieldNotice> heard_;      // since the last command, kHeardMax at most
  PowershieldRecording* starting_ = nullptr;  // gets what follows the acknowledgement of `start`
  PowershieldRecording* recording_ = nullptr;
  bool is_interrupted_ = false;
};

}  // namespace tinyhil::meter
