// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "device.hpp"
#include "packet.hpp"

namespace peers {

void serve_stopwait(Stream& line, const Model& model) {
  const Message ack{Kind::ack, {}};
  Bytes input;
  for (;;) {
    Message message = receive(line, Flow::stop_and_wait, model.input_size);
    switch (message.kind) {
      case Kind::run:
        send(line, Flow::streamed, ack);
        break;
      case Kind::input:
        input = std::move(message.payload);
        send(line, Flow::streamed, ack);
        break;
      case Kind::ack:
        if (input.size() != model.input_size) throw std::runtime_error("an inference without its input");
        send(line, Flow::streamed, {Kind::report, {}});
        send(line, Flow::streamed, {Kind::output, invoke(model, input)});
        break;
      default:
        throw std::runtime_error("a message that only a device sends");
    }
  }
}

}  // namespace peers
