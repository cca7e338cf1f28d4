// SPDX-License-Identifier: Apache-2.0
#include "npz_writer.hpp"

#include <gmock/gmock.h>

#include "npz.hpp"

namespace tinyhil {
namespace {

using testing::ElementsAre;

TEST(NpzWriter, WritesWhatTheReaderReads) {
  const std::string content =
      npz_of({float_array("inputs", {2, 1, 2}, {1.5F, -2, 0, 4}), integer_array("labels", {1, -7}),
              text_array("classes", {"no", "perhaps"})});
  const Npz npz({content.begin(), content.end()}, "vectors.npz");
  EXPECT_THAT(npz.names(), ElementsAre("inputs", "labels", "classes"));
  const NpyArray inputs = npz.read("inputs");
  EXPECT_EQ(inputs.header.description(), "float32[2, 1, 2]");
  EXPECT_EQ(inputs.real(1), -2);
  EXPECT_EQ(npz.read("labels").integer(1), -7);
  EXPECT_EQ(npz.read("classes").text(0), "no");
  EXPECT_EQ(npz.read("classes").text(1), "perhaps");
}

TEST(NpzWriter, WritesTheSameBytesForTheSameArrays) {
  EXPECT_EQ(npz_of({integer_array("labels", {1, 2})}), npz_of({integer_array("labels", {1, 2})}));
}

}  // namespace
}  // namespace tinyhil
