// SPDX-License-Identifier: Apache-2.0
#include "tflite_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string_view>

#include "base/file_content.hpp"

namespace tinyhil {
namespace {

using Content = std::vector<std::uint8_t>;

Content model(const std::string& name) {
  return read_file(TINYHIL_SOURCE_DIR "/scenarios/wake_word/models/" + name + ".tflite", 1u << 20, "model");
}

// Where a text lies in a file.
std::size_t place_of(const Content& content, std::string_view text) {
  const auto found = std::search(content.begin(), content.end(), text.begin(), text.end());
  EXPECT_NE(found, content.end());
  return static_cast<std::size_t>(found - content.begin());
}

TEST(TfliteGraph, TellsModelsApart) {
  EXPECT_TRUE(tflite_graph(model("shipped")));
  EXPECT_NE(tflite_graph(model("shipped")), tflite_graph(model("slim")));
  EXPECT_NE(tflite_graph(model("shipped")), tflite_graph(model("quick")));
}

TEST(TfliteGraph, IsOfNoOtherFile) {
  EXPECT_FALSE(tflite_graph({}));
  EXPECT_FALSE(tflite_graph(Content(100, 0)));
  EXPECT_FALSE(tflite_graph(Content{0x7F, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0}));
}

TEST(TfliteGraph, DoesNotDependOnTheDescription) {
  Content other = model("shipped");
  other.at(place_of(other, "MLIR Converted")) = 'm';
  EXPECT_EQ(tflite_graph(other), tflite_graph(model("shipped")));
}

TEST(TfliteGraph, DependsOnEachWeight) {
  const Content content = model("slim");
  const std::size_t changed = [&] {
    std::size_t count = 0;
    for (std::size_t at = 0; at < content.size(); at += 97) {
      Content other = content;
      other[at] ^= 1;
      count += tflite_graph(other) != tflite_graph(content);
    }
    return count;
  }();
  EXPECT_GT(changed, content.size() / 97 / 2);  // most of the file are weights
}

TEST(TfliteGraph, SurvivesAnyDamage) {
  const Content content = model("slim");
  std::mt19937 chance(1);
  for (int i = 0; i < 2000; ++i) {
    Content damaged = content;
    for (int flips = 0; flips < 3; ++flips) damaged[chance() % damaged.size()] = std::uint8_t(chance());
    tflite_graph(damaged);
    damaged.resize(chance() % damaged.size());
    tflite_graph(damaged);
  }
}

}  // namespace
}  // namespace tinyhil
