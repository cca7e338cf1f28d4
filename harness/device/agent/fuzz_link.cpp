// SPDX-License-Identifier: Apache-2.0
// libFuzzer: the host against a hostile device. The input is a list of what the device does (Act), gone
// through again and again; frames get the session's epoch and a valid checksum, so that the fuzzer reaches
// behind them. Whatever it says: nothing grows without bound, no row is stored twice, and when it falls
// silent all ends.
#include <array>
#include <cstdlib>

#include "agent_link.hpp"
#include "device/agent/internal/identity.hpp"
#include "model/inference_rows.hpp"

namespace {

using namespace tinyhil;
using namespace tinyhil::device;
using std::chrono::milliseconds;

constexpr milliseconds kLimit{60};
constexpr milliseconds kPass{55};
constexpr int kPasses = 5;          // longer than a device may talk without getting anywhere
constexpr std::size_t kMost = 160;  // bytes of input, so that cases stay short
constexpr std::uint16_t kVectors = 6;
constexpr std::size_t kCells = 2 * kVectors * std::size_t{2};  // models, vectors, repeats

void require(bool holds) {
  if (!holds) std::abort();
}

class Input {
 public:
  explicit Input(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  bool empty() const { return at_ >= bytes_.size(); }
  void rewind(std::size_t to) { at_ = to; }
  std::uint8_t byte() { return empty() ? 0 : bytes_[at_++]; }
  std::uint32_t word() { return byte() | byte() << 8; }
  std::span<const std::uint8_t> rest(std::size_t most) {
    const auto part = bytes_.subspan(at_, std::min(most, bytes_.size() - at_));
    at_ += part.size();
    return part;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

const std::vector<std::uint8_t> kContent(2500, 7);
const std::span<const std::uint8_t> kPart = std::span(kContent).first(120);
const Digest kDigest = sha256(kContent);
const Digest kPartDigest = sha256(kPart);

std::vector<PushBlock> blocks() {
  return {{SlotKind::vectors, 0, kContent, kDigest, 0}, {SlotKind::vectors, 1, kPart, kPartDigest, 12}};
}

RunRequest request(std::uint8_t choice) {
  RunRequest request;
  for (std::uint8_t slot = 0; slot < 2; ++slot) {
    RunModel model;
    model.slot = slot;
    model.output.only().rank = 1;
    model.output.only().dims = {3, 1, 1, 1};
    model.golden = std::span(kContent).first(3 * kVectors);
    request.models.push_back(std::move(model));
  }
  request.count = kVectors;
  request.repeats = 2;
  request.tag = 1;
  request.mode = (choice & 1) != 0 ? RunMode::measure : RunMode::throughput;
  request.form = static_cast<ResultForm>(1 + choice / 2 % 3);
  request.top_k = 2;
  request.inference_timeout = kLimit;
  return request;
}

class Conversation {
 public:
  explicit Conversation(std::span<const std::uint8_t> bytes) : input_(bytes) {
    thil_decoder_init(&decoder_, memory_.data(), memory_.size());
    session_.open(5);
    choose(input_.byte());
  }

  void run() {
    fill();
    for (int pass = 0; pass < kPasses && !finished(); ++pass) {
      input_.rewind(1);
      while (!input_.empty() && !finished()) act();
      pass_time(kPass);
    }
    if (exchange_) require(finished());
    // Silence. A run that has no room yet is sent after one patience all the same, and waited for from then.
    const Time limit = now_ + session_.patience() + kTalkFactor * kLimit;
    for (int calls = 0; !finished(); ++calls) {
      require(calls < 1000 && now_ <= limit);
      Time next = Time::max();
      for (const Activity* activity : activities_) {
        if (!activity->finished()) next = std::min(next, activity->wake(session_));
      }
      pass_time(std::max<std::chrono::nanoseconds>(next - now_, std::chrono::nanoseconds(1)));
    }
    check_end();
  }

 private:
  enum Act : std::uint8_t { raw, any_frame, done, report, results, health, ended, refused, wait, part };

  void choose(std::uint8_t choice) {
    const std::uint8_t kind = choice % 8;
    if (kind < 2) {
      exchange_.emplace(THIL_ID_load, std::vector<std::uint8_t>{0, 0}, Patience{kLimit, kind == 1});
      activities_ = {&*exchange_};
      return;
    }
    if (kind < 6) {
      push_.emplace(blocks(), kLimit);
      activities_.push_back(&*push_);
    }
    if (kind < 4) return;
    const auto available = [this] { return push_ ? push_->completed() / 2 : std::size_t{1}; };
    run_.emplace(std::vector<RunRequest>{request(choice / 8)}, available,
                 [this](std::size_t, std::size_t model, const InferenceRows& rows) { store(model, rows); });
    activities_.push_back(&*run_);
  }

  bool finished() const {
    for (const Activity* activity : activities_) {
      if (activity->fault()) return true;
      if (!activity->finished()) return false;
    }
    return true;
  }

  void fill() {
    for (Activity* activity : activities_) {
      if (!finished()) activity->fill(session_, now_);
    }
    require(session_.outgoing().size() < 64 * THIL_FRAME_LINE_MAX);
    look_at(session_.outgoing());
    session_.written(session_.outgoing().size());
  }

  // What a device would answer to.
  void look_at(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      thil_frame frame{};
      const thil_fed fed = thil_decoder_feed(&decoder_, bytes.data(), bytes.size(), &frame);
      bytes = bytes.subspan(fed.taken);
      if (!fed.complete) continue;
      last_ = frame.header;
      const FrameView view{frame.header, {frame.payload.bytes, frame.payload.size}};
      if (const auto run = unpack<thil_run>(view)) run_id_ = run->run;
    }
  }

  void pass_time(std::chrono::nanoseconds time) {
    now_ += time;
    fill();
  }

  void hear(std::span<const std::uint8_t> bytes) {
    session_.arrived(bytes);
    while (const auto frame = session_.next()) {
      for (Activity* activity : activities_) activity->take(*frame, session_, now_);
      look_into(*frame);
    }
    fill();
  }

  // As AgentLink reads an answer.
  static void look_into(const FrameView& frame) {
    if (const auto identity = unpack<thil_identity>(frame)) {
      const DeviceIdentity device = identity_of(*identity);
      if (device.crash) require(device.crash->describe().size() < 200);
    }
    if (const auto loaded = unpack<thil_loaded>(frame)) {
      const auto model = model_of(*loaded);
      require(!model || (model->input.bytes() <= 1U << 30 && model->output.bytes() <= 1U << 24));
    }
  }

  template <class Message>
  void say(const Message& message, std::uint8_t flags, std::uint16_t ack) {
    std::array<std::uint8_t, THIL_MTU_MAX> payload;
    thil_writer writer{payload.data(), payload.size(), false};
    Wire<Message>::write(&writer, &message);
    send(Wire<Message>::kId, flags, ack, std::span(payload).first(payload.size() - writer.left));
  }
  void send(std::uint8_t type, std::uint8_t flags, std::uint16_t ack, std::span<const std::uint8_t> payload) {
    const thil_frame_header header{type, flags, 5, credit_, 0, ack};
    std::array<std::uint8_t, THIL_FRAME_LINE_MAX> line;
    hear({line.data(),
          thil_frame_encode(&header, {payload.data(), payload.size()}, line.data(), line.size())});
  }

  void act() {
    const std::uint8_t what = input_.byte();
    const auto next = static_cast<std::uint16_t>(last_.seq + 1);
    switch (static_cast<Act>(what % 10)) {
      case raw:
        hear(input_.rest(input_.byte()));
        break;
      case any_frame: {
        const std::uint8_t type = input_.byte();
        const std::uint8_t flags = input_.byte();
        credit_ = input_.byte();
        const auto ack = static_cast<std::uint16_t>(last_.seq - static_cast<std::int8_t>(input_.byte()));
        send(type, flags, ack, input_.rest(input_.byte() * std::size_t{4}));
        break;
      }
      case done: {
        thil_done message{};
        message.request = last_.type;
        const auto ack = static_cast<std::uint16_t>(last_.seq - what / 10);
        say(message, THIL_FRAME_REPLY, ack);
        break;
      }
      case report: {
        thil_received message{};
        message.seen = input_.word() | input_.word() << 16;
        say(message, 0, static_cast<std::uint16_t>(next - what / 10 % 4));
        break;
      }
      case results: {
        thil_results message{};
        message.run = run_id_;
        message.first = input_.byte();
        const auto rows = input_.rest(input_.byte());
        message.rows = {rows.data(), rows.size()};
        say(message, 0, next);
        break;
      }
      case health: {
        thil_health message{};
        message.run = what / 10 % 2 == 0 ? run_id_ : 0;
        message.results = input_.byte();
        say(message, THIL_FRAME_REPLY, last_.seq);
        break;
      }
      case ended: {
        thil_run_ended message{};
        message.run = run_id_;
        say(message, 0, next);
        break;
      }
      case refused: {
        thil_refused message{};
        message.request = last_.type;
        message.reason = input_.byte();
        say(message, THIL_FRAME_REPLY, static_cast<std::uint16_t>(last_.seq - what / 10));
        break;
      }
      case part: {
        thil_part message{};
        message.run = run_id_;
        message.inference = input_.byte();
        message.offset = input_.byte();
        const auto content = input_.rest(input_.byte());
        message.content = {content.data(), content.size()};
        say(message, 0, next);
        break;
      }
      case wait:
        pass_time(milliseconds(input_.byte()));
        break;
    }
  }

  void store(std::size_t model, const InferenceRows& rows) {
    require(rows.outputs.size() == rows.size() * rows.output_size && rows.clock.size() == rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      require(rows.vector[row] < kVectors && rows.repeat[row] < 2);
      const std::size_t cell = model * kVectors * 2 + rows.vector[row] * std::size_t{2} + rows.repeat[row];
      require(!std::exchange(stored_.at(cell), true));
    }
  }

  void check_end() {
    require(!exchange_ || exchange_->attempts() <= 100);
    if (!run_) return;
    run_->hand_over_rest();
    require(run_->unsteady().size() <= 2 * kCells);
    if (!run_->finished() || run_->fault()) return;
    for (const bool stored : stored_) require(stored);
  }

  Input input_;
  Session session_;
  Time now_ = Time{} + std::chrono::hours(1);
  std::optional<Exchange> exchange_;
  std::optional<PushStream> push_;
  std::optional<RunStream> run_;
  std::vector<Activity*> activities_;
  std::array<std::uint8_t, THIL_FRAME_RAW_MAX> memory_;
  thil_decoder decoder_{};
  thil_frame_header last_{};  // that the host has sent
  std::uint32_t run_id_ = 0;
  std::uint8_t credit_ = 8;
  std::array<bool, kCells> stored_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Conversation conversation({bytes, std::min(size, kMost)});
  conversation.run();
  return 0;
}
