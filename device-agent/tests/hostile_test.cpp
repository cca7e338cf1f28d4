// SPDX-License-Identifier: Apache-2.0
// A host that sends anything. Whatever it was, the agent answers the hello that follows.
#include <random>

#include "fake_host.hpp"

namespace agent_test {
namespace {

class Hostile {
 public:
  explicit Hostile(FakeHost& host) : host_(host) {}

  Bytes frame() {
    wander();
    switch (random_() % 13) {
      case 0:
        return host_.line_of(host_.begin(kind(), slot(), Bytes(random_() % 64)));
      case 1:
        return host_.line_of(
            thil_push_chunk{0, kind(), slot(), number(), {noise_.data(), random_() % noise_.size()}});
      case 2:
        return host_.line_of(run());
      case 3:
        return host_.line_of(thil_load{0, slot()});
      case 4:
        return host_.line_of(thil_list{0, kind(), slot(), 0});
      case 5:
        return host_.line_of(thil_push_end{0, kind(), slot()});
      case 6:
        return host_.line_of(thil_push_packed{
            0, kind(), slot(), number(), slot(), {noise_.data(), random_() % noise_.size()}});
      case 7:
        return host_.line_of(thil_check{});
      case 8:
        return host_.line_of(thil_place{0, kind(), slot()});
      default:
        return host_.line_of_payload(static_cast<std::uint8_t>(random_()), bytes(random_() % 40));
    }
  }

  Bytes mutated(Bytes line) {
    if (random_() % 3 != 0 || line.empty()) return line;
    line[random_() % line.size()] = static_cast<std::uint8_t>(random_());
    if (random_() % 2 == 0) line.resize(random_() % line.size());
    return line;
  }

 private:
  thil_run run() {
    thil_run made{};
    made.run = number();
    made.vector_slot = slot();
    made.first = slot();
    made.count = slot();
    made.repeats = slot();
    made.mode = static_cast<std::uint8_t>(random_() % 3);
    made.form = static_cast<std::uint8_t>(random_() % 4);
    made.top_k = static_cast<std::uint8_t>(random_());
    made.batch = static_cast<std::uint8_t>(random_() % 5);
    models_ = bytes(random_() % 4);
    for (auto& model : models_) model %= 3;
    made.models = {models_.data(), models_.size()};
    return made;
  }

  // Frames are lost, come again and ask for a report.
  void wander() {
    host_.flags = random_() % 8 == 0 ? THIL_FRAME_ASK : 0;
    if (random_() % 16 == 0) host_.seq = static_cast<std::uint16_t>(host_.seq + random_() % 80 - 40);
  }

  std::uint8_t kind() { return static_cast<std::uint8_t>(random_() % 4); }
  std::uint16_t slot() { return static_cast<std::uint16_t>(random_() % 8 == 0 ? random_() : random_() % 3); }
  std::uint32_t number() {
    return static_cast<std::uint32_t>(random_() % 4 == 0 ? random_() : random_() % 100);
  }
  Bytes bytes(std::size_t size) {
    Bytes made(size);
    for (auto& byte : made) byte = static_cast<std::uint8_t>(random_());
    return made;
  }

  FakeHost& host_;
  std::mt19937 random_{20240612};
  Bytes noise_ = bytes(200);
  Bytes models_;
};

TEST(Hostile, AHundredThousandFramesLeaveAnAgentThatAnswersHello) {
  FakeHost host;
  Hostile hostile(host);
  host.hello();
  host.push(THIL_SLOT_MODEL, 0, fake_model(4, 2, 10));
  host.push(THIL_SLOT_VECTORS, 0, Bytes(64, 1));
  for (int i = 0; i < 100000; ++i) {
    host.put(hostile.mutated(hostile.frame()));
    host.settle(20);
    if (i % 100 != 0) continue;
    host.epoch = static_cast<std::uint8_t>(1 + i / 100 % 255);
    host.flags = 0;
    host.put({0});
    host.settle(20);
    host.put(host.line_of(thil_hello{0, static_cast<std::uint32_t>(i)}));
    const auto frames = host.settle();
    ASSERT_FALSE(frames.empty());
    ASSERT_EQ(frames.back().as<thil_identity>().nonce, static_cast<std::uint32_t>(i));
  }
}

TEST(Hostile, ABabblingLineDoesNotStopARun) {
  FakeHost host;
  host.hello();
  host.push(THIL_SLOT_MODEL, 0, fake_model(4, 2));
  host.push(THIL_SLOT_VECTORS, 0, Bytes(64, 1));
  host.ask(thil_load{0, 0});
  const Bytes models{0};
  host.put(host.line_of(
      thil_run{0, 1, 0, 0, 0, 16, 1, THIL_RUN_MEASURE, THIL_RESULT_FULL, 0, 1, {models.data(), 1}}));
  for (int i = 0; i < 17; ++i) {
    host.put(Bytes(5000, 0x55));
    thil_agent_step();
  }
  const auto frames = host.take();
  ASSERT_EQ(frames.size(), 18u);
  EXPECT_EQ(frames[17].as<thil_run_ended>().results, 16u);
}

}  // namespace
}  // namespace agent_test
