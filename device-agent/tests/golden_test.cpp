// SPDX-License-Identifier: Apache-2.0
// golden.json: what every codec of wire.h must write and read, byte for byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <list>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "format_page.hpp"
#include "thil/cursor.h"

namespace {

using nlohmann::json;
using Bytes = std::vector<std::uint8_t>;
using Kept = std::list<Bytes>;  // what the views of a message point to

std::string to_hex(thil_bytes from) {
  std::string hex;
  for (std::size_t i = 0; i < from.size; ++i) {
    hex += "0123456789abcdef"[from.bytes[i] >> 4];
    hex += "0123456789abcdef"[from.bytes[i] & 15];
  }
  return hex;
}

template <typename Number>
void set_field(const json& value, Number& field, Kept&) {
  field = value.get<Number>();
}

void set_field(const json& value, thil_digest& field, Kept&) {
  const Bytes bytes = from_hex(value.get<std::string>());
  ASSERT_EQ(bytes.size(), std::size_t{THIL_DIGEST_SIZE});
  std::copy(bytes.begin(), bytes.end(), field.bytes);
}

void set_field(const json& value, thil_crash& field, Kept&) {
  field = {value.at("cause"), value.at("status"), value.at("pc"),    value.at("lr"),    value.at("sp"),
           value.at("run"),   value.at("vector"), value.at("model"), value.at("repeat")};
}

void set_field(const json& value, thil_text& field, Kept& kept) {
  const auto text = value.get<std::string>();
  kept.emplace_back(text.begin(), text.end());
  field = {reinterpret_cast<const char*>(kept.back().data()), static_cast<std::uint8_t>(text.size())};
}

void set_field(const json& value, thil_bytes& field, Kept& kept) {
  kept.push_back(from_hex(value.get<std::string>()));
  field = {kept.back().data(), kept.back().size()};
}

template <typename Number>
json get_field(const Number& field) {
  return field;
}
json get_field(const thil_digest& field) { return to_hex({field.bytes, THIL_DIGEST_SIZE}); }
json get_field(const thil_crash& field) {
  return {{"cause", field.cause},   {"status", field.status}, {"pc", field.pc},
          {"lr", field.lr},         {"sp", field.sp},         {"run", field.run},
          {"vector", field.vector}, {"model", field.model},   {"repeat", field.repeat}};
}
json get_field(const thil_text& field) { return std::string(field.chars, field.size); }
json get_field(const thil_bytes& field) { return to_hex(field); }

template <typename Message, typename Write>
Bytes payload_of(const Message& message, Write write) {
  Bytes payload(THIL_MTU_MAX);
  thil_writer to{payload.data(), payload.size(), false};
  write(&to, &message);
  EXPECT_FALSE(to.failed);
  payload.resize(payload.size() - to.left);
  return payload;
}

Bytes write_payload(const std::string& name, const json& fields) {
  Kept kept;
#define THIL_MESSAGE(message, id) \
  if (name == #message) {         \
    thil_##message it{};
#define THIL_FIELD(type, field) set_field(fields.at(#field), it.field, kept);
#define THIL_END(message)                        \
  return payload_of(it, thil_##message##_write); \
  }
#include "thil/messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END
  ADD_FAILURE() << "no message " << name;
  return {};
}

json read_payload(const std::string& name, thil_bytes payload) {
  thil_reader from{payload.bytes, payload.size, false};
  json fields = json::object();
#define THIL_MESSAGE(message, id) \
  if (name == #message) {         \
    thil_##message it{};          \
    EXPECT_TRUE(thil_##message##_read(&from, &it));
#define THIL_FIELD(type, field) fields[#field] = get_field(it.field);
#define THIL_END(message) }
#include "thil/messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END
  return fields;
}

std::uint8_t id_of(const std::string& name) {
  for (int id = 0; id < 256; ++id) {
    if (name == thil_message_name(static_cast<std::uint8_t>(id))) return static_cast<std::uint8_t>(id);
  }
  ADD_FAILURE() << "no message " << name;
  return 0;
}

thil_frame_header header_of(const json& frame) {
  return {id_of(frame.at("message")), frame.at("flags"), frame.at("epoch"),
          frame.at("credit"),         frame.at("seq"),   frame.at("ack")};
}

json golden() {
  std::ifstream file(THIL_GOLDEN);
  return json::parse(file);
}

json golden_frames() { return golden().at("frames"); }

json golden_frame(const std::string& name) {
  for (const json& frame : golden_frames()) {
    if (frame.at("name") == name) return frame;
  }
  ADD_FAILURE() << "golden.json has no frame `" << name << "`";
  return {};
}

Bytes line_of(const json& frame) {
  const Bytes payload = write_payload(frame.at("message"), frame.at("fields"));
  const thil_frame_header header = header_of(frame);
  Bytes line(THIL_FRAME_LINE_MAX);
  line.resize(thil_frame_encode(&header, {payload.data(), payload.size()}, line.data(), line.size()));
  return line;
}

TEST(Golden, EveryFrameIsEncodedByteForByte) {
  for (const json& frame : golden_frames()) {
    SCOPED_TRACE(frame.at("name"));
    const Bytes line = line_of(frame);
    EXPECT_EQ(to_hex({line.data(), line.size()}), frame.at("line").get<std::string>());
  }
}

TEST(Golden, EveryLineIsDecodedToItsFields) {
  std::vector<std::uint8_t> memory(THIL_FRAME_RAW_MAX);
  thil_decoder decoder;
  thil_decoder_init(&decoder, memory.data(), memory.size());
  for (const json& frame : golden_frames()) {
    SCOPED_TRACE(frame.at("name"));
    thil_frame decoded{};
    bool complete = false;
    for (std::uint8_t byte : from_hex(frame.at("line")))
      complete = thil_decoder_push(&decoder, byte, &decoded);
    ASSERT_TRUE(complete);
    const thil_frame_header& header = decoded.header;
    EXPECT_EQ(header.type, id_of(frame.at("message")));
    EXPECT_EQ(header.flags, frame.at("flags"));
    EXPECT_EQ(header.epoch, frame.at("epoch"));
    EXPECT_EQ(header.credit, frame.at("credit"));
    EXPECT_EQ(header.seq, frame.at("seq"));
    EXPECT_EQ(header.ack, frame.at("ack"));
    EXPECT_EQ(read_payload(frame.at("message"), decoded.payload), frame.at("fields"));
  }
}

// Of a `loaded`: each tensor, and before it what it is where the bytes say so.
json tensors_of(const json& frame) {
  const Bytes bytes = from_hex(frame.at("fields").at("tensors"));
  thil_reader from{bytes.data(), bytes.size(), false};
  json tensors = json::array();
  while (from.left > 0 && !from.failed) {
    std::uint8_t role = static_cast<std::uint8_t>(tensors.size());
    if (tensors.size() > THIL_OUTPUT) thil_u8_get(&from, &role);
    thil_tensor_info is{};
    thil_tensor_get(&from, &is);
    tensors.push_back({role, is.dtype, is.rank, is.dims, is.scale, is.zero_point});
  }
  EXPECT_FALSE(from.failed);
  return tensors;
}

// As wire_test.py reads them.
TEST(Golden, TheTensorsOfAModelFollowEachOther) {
  const json first = {{THIL_INPUT, 1, 4, {1, 49, 10, 1}, 0.5, -128},
                      {THIL_OUTPUT, 1, 2, {1, 12, 1, 1}, 0.00390625, 127}};
  EXPECT_EQ(tensors_of(golden_frame("loaded")), first);
  json all = first;
  all.push_back({THIL_INPUT, 5, 2, {1, 6, 1, 1}, 0.0, 0});
  all.push_back({THIL_OUTPUT, 2, 2, {1, 3, 1, 1}, 0.25, 128});
  all.push_back({THIL_OUTPUT, 4, 1, {7, 1, 1, 1}, 0.0, 0});
  EXPECT_EQ(tensors_of(golden_frame("loaded with two inputs and three outputs")), all);
  const json widest = {{THIL_INPUT, 5, 1, {4294967295U, 1, 1, 1}, 0.0, INT32_MIN},
                       {THIL_OUTPUT, 255, 255, {0, 0, 0, 0}, -1.5, INT32_MAX}};
  EXPECT_EQ(tensors_of(golden_frame("loaded with the widest numbers")), widest);
}

TEST(Golden, ATensorIsWrittenAsItIsRead) {
  const thil_tensor_info tensor{THIL_DTYPE_INT8, 2, {1, 12, 1, 1}, 0.00390625F, 127, 12};
  Bytes written(26);
  thil_writer to{written.data(), written.size(), false};
  thil_tensor_put(&to, &tensor);
  EXPECT_EQ(to.left, 0u);
  const Bytes loaded = from_hex(golden_frame("loaded").at("fields").at("tensors"));
  EXPECT_EQ(written, Bytes(loaded.begin() + 26, loaded.end()));
}

TEST(Golden, IsOfTheVersionThatTheCodecSpeaks) {
  EXPECT_EQ(golden().at("version"), static_cast<int>(THIL_WIRE_VERSION));
}

TEST(FormatPages, TheFrameOfThePageIsEncodedAndDecodedByteForByte) {
  const Examples page = examples_of("frame.md");
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(line_of(golden_frame("hello")), page.at("hello"));

  Bytes memory(THIL_FRAME_RAW_MAX);
  thil_decoder decoder;
  thil_frame frame{};
  thil_decoder_init(&decoder, memory.data(), memory.size());
  bool complete = false;
  for (const std::uint8_t byte : page.at("hello")) complete = thil_decoder_push(&decoder, byte, &frame);
  ASSERT_TRUE(complete);
  const Bytes& raw = page.at("hello, before COBS");
  EXPECT_EQ(Bytes(memory.begin(), memory.begin() + static_cast<long>(raw.size())), raw);
  EXPECT_EQ(frame.payload.size, 4u);
}

TEST(FormatPages, TheMessagesOfThePageAreWrittenAndReadByteForByte) {
  const Examples page = examples_of("messages.md");
  ASSERT_EQ(page.size(), 4u);
  for (const auto& [name, payload] : page) {
    SCOPED_TRACE(name);
    const json frame = golden_frame(name);
    EXPECT_EQ(write_payload(frame.at("message"), frame.at("fields")), payload);
    EXPECT_EQ(read_payload(frame.at("message"), {payload.data(), payload.size()}), frame.at("fields"));
  }
}

TEST(Golden, HoldsEveryMessage) {
  std::set<std::string> named;
  std::set<std::string> held;
  for (int id = 0; id < 256; ++id) named.insert(thil_message_name(static_cast<std::uint8_t>(id)));
  named.erase("?");
  for (const json& frame : golden_frames()) held.insert(frame.at("message"));
  EXPECT_EQ(named, held);
}

}  // namespace
