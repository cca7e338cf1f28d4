// SPDX-License-Identifier: Apache-2.0
#include "host.hpp"
#include "packet.hpp"

namespace peers {

namespace {

class StopwaitHost : public Host {
 public:
  StopwaitHost(Stream& line, std::size_t output_size) : line_(line), output_size_(output_size) {}

  void open() override {}

  Bytes infer(std::span<const std::uint8_t> input) override {
    send(line_, Flow::stop_and_wait, {Kind::run, {}});
    expect(line_, Kind::ack, 0);
    send(line_, Flow::stop_and_wait, {Kind::input, Bytes(input.begin(), input.end())});
    expect(line_, Kind::ack, 0);
    send(line_, Flow::stop_and_wait, {Kind::ack, {}});
    expect(line_, Kind::report, 0);
    return expect(line_, Kind::output, output_size_).payload;
  }

 private:
  Stream& line_;
  std::size_t output_size_;
};

}  // namespace

std::unique_ptr<Host> make_stopwait_host(Stream& line, std::size_t output_size) {
  return std::make_unique<StopwaitHost>(line, output_size);
}

}  // namespace peers
