// SPDX-License-Identifier: Apache-2.0
// The device side of MLPerf Tiny's serial protocol, as benchmark/api/internally_implemented.cpp and the
// keyword spotting reference of mlcommons/tiny print it. Left out: energy mode, help, profile, db print,
// results.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>

#include "device.hpp"

namespace peers {

namespace {

constexpr std::size_t kCommandMax = 80;  // EE_CMD_SIZE: longer commands are silently cut

std::string_view take_word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

std::size_t number_or_zero(std::string_view word) {
  std::size_t value = 0;
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

// The microseconds since boot of a board that has been up for a while: a 32-bit counter, ten digits.
std::uint32_t lap_us() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return static_cast<std::uint32_t>(1'000'000'000 + us % 3'000'000'000);
}

// The outputs as probabilities n / 256, three digits, cut rather than rounded.
std::string results_of(const Bytes& output) {
  std::string text = "m-results-[";
  for (std::size_t i = 0; i < output.size(); ++i) {
    const std::string thousandths = std::to_string(1000 + output[i] * 1000 / 256);
    text += (i == 0 ? "0." : ",0.") + thousandths.substr(1);
  }
  return text + "]\r\n";
}

class Device {
 public:
  Device(Stream& line, const Model& model) : line_(line), model_(model) {}

  [[noreturn]] void serve() {
    say("m-timestamp-mode-performance\r\n");
    lap();
    say("m-init-done\r\nm-ready\r\n");
    line_.flush();
    for (;;) {
      obey(next_command());
      say("m-ready\r\n");
      line_.flush();
    }
  }

 private:
  void say(std::string_view text) { line_.put(text); }
  void lap() { say("m-lap-us-" + std::to_string(lap_us()) + "\r\n"); }

  std::string next_command() {
    std::string command;
    for (char c = 0; (c = static_cast<char>(line_.byte())) != '%';) {
      if (command.size() < kCommandMax) command += c;
    }
    return command;
  }

  void obey(std::string_view command) {
    const std::string_view word = take_word(command);
    if (word == "name") {
      say("m-name-dut-[unspecified]\r\n");
    } else if (word == "db") {
      const std::string_view subcommand = take_word(command);
      subcommand == "load" ? begin_load(number_or_zero(command)) : load(subcommand);
    } else if (word == "infer") {
      const std::size_t count = number_or_zero(take_word(command));
      infer(count, number_or_zero(command));
    } else {
      say("e-[Unknown command: " + std::string(word) + "]\r\n");
    }
  }

  void begin_load(std::size_t size) {
    if (size == 0 || size > model_.input_size) return say("e-[Command 'db load' refuses this size]\r\n");
    expected_ = size;
    loaded_.clear();
    say("m-[Expecting " + std::to_string(size) + " bytes]\r\n");
  }

  void load(std::string_view hex) {
    if (hex.size() % 2 != 0) return say("e-[Insufficent number of hex digits]\r\n");
    for (; !hex.empty() && loaded_.size() < expected_; hex.remove_prefix(2)) {
      std::uint8_t byte = 0;
      if (std::from_chars(hex.data(), hex.data() + 2, byte, 16).ptr != hex.data() + 2) {
        return say("e-[Invalid hex digit '" + std::string(hex.substr(0, 2)) + "']\r\n");
      }
      loaded_.push_back(byte);
      if (loaded_.size() == expected_) say("m-load-done\r\n");
    }
  }

  void infer(std::size_t count, std::size_t warmups) {
    if (count == 0) return say("e-[Inference iterations must be >0]\r\n");
    // The reference infers on whatever there is; a bench rather hears of it.
    if (loaded_.size() != model_.input_size) return say("e-[No vector is loaded]\r\n");
    say("m-warmup-start-" + std::to_string(warmups) + "\r\n");
    for (std::size_t i = 0; i < warmups; ++i) invoke(model_, loaded_);
    say("m-warmup-done\r\nm-infer-start-" + std::to_string(count) + "\r\n");
    lap();
    line_.flush();  // a UART sends while the model runs
    Bytes output;
    for (std::size_t i = 0; i < count; ++i) output = invoke(model_, loaded_);
    lap();
    say("m-infer-done\r\n" + results_of(output));
  }

  Stream& line_;
  const Model& model_;
  std::size_t expected_ = 0;
  Bytes loaded_;
};

}  // namespace

void serve_mlperf(Stream& line, const Model& model) { Device(line, model).serve(); }

}  // namespace peers
