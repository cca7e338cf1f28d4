// SPDX-License-Identifier: Apache-2.0
// What a host does faster, held against the firmware's way.
#include "host_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;

// One byte of `zero_every` is zero; 0: none.
Bytes random_bytes(std::mt19937& random, std::size_t size, unsigned zero_every) {
  Bytes bytes(size);
  for (auto& byte : bytes) {
    byte = static_cast<std::uint8_t>(1 + random() % 255);
    if (zero_every != 0 && random() % zero_every == 0) byte = 0;
  }
  return bytes;
}

TEST(Crc32cOnAHost, IsTheFirmwaresForEveryLengthAndOffset) {
  std::mt19937 random(1);
  const Bytes bytes = random_bytes(random, 400, 5);
  for (std::size_t size = 0; size <= 300; ++size) {
    for (std::size_t offset = 0; offset < 9; ++offset) {
      const std::uint8_t* at = bytes.data() + offset;
      const auto previous = static_cast<std::uint32_t>(random());
      const std::uint32_t expected = thil_crc32c_small(previous, at, size);
      ASSERT_EQ(thil_crc32c(previous, at, size), expected) << size << " at " << offset;
      ASSERT_EQ(thil_crc32c_sliced(previous, at, size), expected) << size << " at " << offset;
    }
  }
}

TEST(Crc32cOnAHost, HasTheCheckValueOfItsCatalogueInEveryForm) {
  const Bytes digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(thil_crc32c_small(0, digits.data(), digits.size()), 0xE3069283u);
  EXPECT_EQ(thil_crc32c_sliced(0, digits.data(), digits.size()), 0xE3069283u);
  EXPECT_EQ(thil_crc32c_sliced(0, nullptr, 0), 0u);
}

using Put = void (*)(thil_cobs*, const std::uint8_t*, std::size_t);

struct Line {
  Bytes bytes;
  std::size_t size;
  std::size_t code_at;
  bool operator==(const Line&) const = default;
};

Line put_in_parts(Put put, const Bytes& raw, std::size_t split, std::size_t capacity) {
  Line line{Bytes(capacity + 8, 0xEE), 0, 0};
  thil_cobs to{line.bytes.data(), capacity, 1, 0};
  put(&to, raw.data(), split);
  put(&to, raw.data() + split, raw.size() - split);
  thil_cobs_close(&to);
  line.size = to.size;
  line.code_at = to.code_at;
  if (to.size > capacity) line.bytes.resize(std::min(capacity, to.code_at));  // the rest is of no use
  return line;
}

TEST(CobsOnAHost, WritesTheFirmwaresLineForEverySizeAndZeroDensity) {
  std::mt19937 random(2);
  for (unsigned zero_every : {0u, 1u, 2u, 7u, 100u, 400u}) {
    for (std::size_t size = 0; size <= 800; ++size) {
      const Bytes raw = random_bytes(random, size, zero_every);
      const std::size_t split = size == 0 ? 0 : random() % size;
      ASSERT_EQ(put_in_parts(thil_cobs_put, raw, split, 1000),
                put_in_parts(thil_cobs_put_small, raw, split, 1000))
          << size << ", one zero in " << zero_every;
    }
  }
}

TEST(CobsOnAHost, NeverWritesBeyondAShortLine) {
  std::mt19937 random(3);
  const Bytes raw = random_bytes(random, 300, 40);
  for (std::size_t capacity = 0; capacity < 310; ++capacity) {
    Bytes line(capacity + 8, 0xEE);
    thil_cobs to{line.data(), capacity, 1, 0};
    thil_cobs_put(&to, raw.data(), raw.size());
    EXPECT_EQ(Bytes(line.end() - 8, line.end()), Bytes(8, 0xEE)) << capacity;
    EXPECT_EQ(to.size, put_in_parts(thil_cobs_put_small, raw, 0, capacity).size);
  }
}

struct Seen {
  std::vector<Bytes> payloads;
  std::vector<std::size_t> ends;  // where in the line each frame was complete
  std::uint32_t good;
  std::uint32_t bad;
  bool operator==(const Seen&) const = default;
};

Seen push_all(const Bytes& line, std::size_t memory_size) {
  Bytes memory(memory_size);
  thil_decoder decoder;
  thil_decoder_init(&decoder, memory.data(), memory.size());
  Seen seen{};
  for (std::size_t i = 0; i < line.size(); ++i) {
    thil_frame frame{};
    if (!thil_decoder_push(&decoder, line[i], &frame)) continue;
    seen.payloads.emplace_back(frame.payload.bytes, frame.payload.bytes + frame.payload.size);
    seen.ends.push_back(i + 1);
  }
  seen.good = decoder.good;
  seen.bad = decoder.bad;
  return seen;
}

Seen feed_in_parts(const Bytes& line, std::size_t memory_size, std::mt19937& random, std::size_t part_max) {
  Bytes memory(memory_size);
  thil_decoder decoder;
  thil_decoder_init(&decoder, memory.data(), memory.size());
  Seen seen{};
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.size(), at + 1 + random() % part_max);
    while (at < end) {
      thil_frame frame{};
      const thil_fed fed = thil_decoder_feed(&decoder, line.data() + at, end - at, &frame);
      at += fed.taken;
      EXPECT_TRUE(fed.complete || at == end);
      if (!fed.complete) continue;
      seen.payloads.emplace_back(frame.payload.bytes, frame.payload.bytes + frame.payload.size);
      seen.ends.push_back(at);
    }
  }
  seen.good = decoder.good;
  seen.bad = decoder.bad;
  return seen;
}

Bytes damaged_frames(std::mt19937& random) {
  Bytes line;
  for (int frame = 0; frame < 6; ++frame) {
    const Bytes payload = random_bytes(random, random() % (THIL_MTU_MAX + 1), random() % 20);
    const thil_frame_header header{4, 0, 7, 0, static_cast<std::uint16_t>(random()), 0};
    Bytes one(THIL_FRAME_LINE_MAX);
    one.resize(thil_frame_encode(&header, {payload.data(), payload.size()}, one.data(), one.size()));
    if (random() % 3 == 0) one[random() % one.size()] = static_cast<std::uint8_t>(random());
    if (random() % 5 == 0) one.erase(one.begin() + static_cast<long>(random() % one.size()));
    line.insert(line.end(), one.begin(), one.end());
    line.insert(line.end(), random() % 3, 0);
  }
  return line;
}

TEST(FeedingADecoder, SeesWhatPushingEachByteSees) {
  std::mt19937 random(4);
  std::size_t good = 0;
  std::size_t bad = 0;
  for (int round = 0; round < 400; ++round) {
    const Bytes line = damaged_frames(random);
    for (std::size_t memory : {std::size_t{0}, std::size_t{300}, std::size_t{THIL_FRAME_RAW_MAX}}) {
      const Seen expected = push_all(line, memory);
      for (std::size_t part_max : {1, 3, 50, 2000, 16384}) {
        ASSERT_EQ(feed_in_parts(line, memory, random, part_max), expected) << round << " by " << part_max;
      }
      good += expected.good;
      bad += expected.bad;
    }
  }
  EXPECT_GT(good, 1000u);
  EXPECT_GT(bad, 1000u);
}

TEST(FeedingADecoder, SeesTheSameInNoise) {
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    const Bytes noise = random_bytes(random, 3000, 1 + random() % 300);
    ASSERT_EQ(feed_in_parts(noise, THIL_FRAME_RAW_MAX, random, 700), push_all(noise, THIL_FRAME_RAW_MAX));
  }
}

TEST(FeedingADecoder, StopsAfterTheFirstGoodFrame) {
  const thil_frame_header header{4, 0, 7, 0, 1, 0};
  Bytes line(THIL_FRAME_LINE_MAX);
  line.resize(thil_frame_encode(&header, {nullptr, 0}, line.data(), line.size()));
  const std::size_t size = line.size();
  line.insert(line.end(), line.begin(), line.end());
  Bytes memory(THIL_FRAME_RAW_MAX);
  thil_decoder decoder;
  thil_decoder_init(&decoder, memory.data(), memory.size());
  thil_frame frame{};
  const thil_fed fed = thil_decoder_feed(&decoder, line.data(), line.size(), &frame);
  EXPECT_EQ(fed.taken, size);
  EXPECT_TRUE(fed.complete);
  EXPECT_EQ(frame.header.seq, 1);
}

}  // namespace
