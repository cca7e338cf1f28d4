// SPDX-License-Identifier: Apache-2.0
// The host side of MLPerf Tiny's serial protocol: 31 bytes a `db` command and one inference without warm-up
// for each vector, as the official runner does in accuracy mode, but with one write a command and reads as
// large as they come.
#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "host.hpp"

namespace peers {

namespace {

constexpr std::size_t kChunk = 31;
constexpr std::size_t kLineMax = 1024 * 1024;

std::string hex_of(std::span<const std::uint8_t> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

// "0.ddd,0.ddd": three digits cut from n / 256 name one n only.
Bytes outputs_of(std::string_view list) {
  Bytes output;
  while (!list.empty()) {
    unsigned thousandths = 0;
    const bool good = list.size() >= 5 && list.substr(0, 2) == "0." &&
                      std::from_chars(list.data() + 2, list.data() + 5, thousandths).ptr == list.data() + 5;
    if (!good) throw std::runtime_error("not a result: " + std::string(list));
    output.push_back(static_cast<std::uint8_t>((thousandths * 256 + 999) / 1000));
    list.remove_prefix(std::min<std::size_t>(6, list.size()));
  }
  return output;
}

class MlperfHost : public Host {
 public:
  explicit MlperfHost(Stream& line) : line_(line) {}

  void open() override {
    await_ready();  // the boot banner ends so, too
    command("name%");
  }

  Bytes infer(std::span<const std::uint8_t> input) override {
    command("db load " + std::to_string(input.size()) + "%");
    loaded_ = false;
    for (; !input.empty(); input = input.subspan(std::min(kChunk, input.size()))) {
      command("db " + hex_of(input.first(std::min(kChunk, input.size()))) + "%");
    }
    if (!loaded_) throw std::runtime_error("the device did not take the whole vector");
    output_.clear();
    command("infer 1 0%");
    return output_;
  }

 private:
  void command(const std::string& text) {
    line_.put(text);
    line_.flush();
    await_ready();
  }

  void await_ready() {
    for (std::string line; (line = next_line()) != "m-ready";) {
      constexpr std::string_view kResults = "m-results-[";
      if (line.starts_with("e-")) throw std::runtime_error("the device says " + line);
      if (line == "m-load-done") loaded_ = true;
      if (line.starts_with(kResults) && line.ends_with(']')) {
        output_ =
            outputs_of(std::string_view(line).substr(kResults.size(), line.size() - kResults.size() - 1));
      }
    }
  }

  std::string next_line() {
    std::string line;
    for (char c = 0; (c = static_cast<char>(line_.byte())) != '\n';) {
      if (line.size() == kLineMax) throw std::runtime_error("a line without an end");
      if (c != '\r') line += c;
    }
    return line;
  }

  Stream& line_;
  bool loaded_ = false;
  Bytes output_;
};

}  // namespace

std::unique_ptr<Host> make_mlperf_host(Stream& line, std::size_t) {
  return std::make_unique<MlperfHost>(line);
}

}  // namespace peers
