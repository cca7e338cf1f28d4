// SPDX-License-Identifier: Apache-2.0
#include "frame_link.hpp"

#include "within.hpp"

namespace tinyhil {

FrameLink::FrameLink(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {
  thil_decoder_init(&decoder_, decoder_memory_.data(), decoder_memory_.size());
}

void FrameLink::start_session(std::uint8_t epoch) {
  epoch_ = epoch;
  sequence_ = 0;
}

asio::awaitable<Result<void>> FrameLink::send(std::uint8_t type, std::uint16_t sequence,
                                              std::span<const std::uint8_t> payload, Deadline deadline) {
  std::array<std::uint8_t, THIL_FRAME_LINE_MAX> line;
  thil_frame_header header{};
  header.type = type;
  header.epoch = epoch_;
  header.credit = UINT8_MAX;  // the host always keeps up
  header.seq = sequence;
  const std::size_t size =
      thil_frame_encode(&header, {payload.data(), payload.size()}, line.data(), line.size());
  assert(size > 0 && "requests are built to fit a frame");
  co_return co_await within(deadline, transport_->write(std::span(line).first(size)),
                            "the line does not take our bytes: " + describe());
}

asio::awaitable<Result<Frame>> FrameLink::receive(Deadline deadline) {
  while (true) {
    while (at_ < size_) {
      thil_frame frame{};
      if (!thil_decoder_push(&decoder_, chunk_[at_++], &frame) || frame.header.epoch != epoch_) continue;
      const auto* begin = frame.payload.bytes;
      co_return Frame{frame.header, {begin, begin + frame.payload.size}};
    }
    // A flood of garbage keeps every read short of its deadline, so the clock is asked here too.
    if (std::chrono::steady_clock::now() >= deadline) {
      co_return Fault{FaultKind::timeout, "no valid frame from " + describe(), evidence()};
    }
    Result<std::size_t> size =
        co_await within(deadline, transport_->read(chunk_), "silence from " + describe());
    if (!size) co_return size.error();
    at_ = 0;
    size_ = *size;
  }
}

std::string FrameLink::evidence() {
  std::string text = describe() + "; frames received: " + std::to_string(decoder_.good) + " good, " +
                     std::to_string(decoder_.bad) + " bad";
  const std::string words = transport_->last_words();
  return words.empty() ? text : text + "; " + words;
}

}  // namespace tinyhil
