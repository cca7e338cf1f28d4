// SPDX-License-Identifier: Apache-2.0
#include "image_turns.hpp"

#include <gmock/gmock.h>

namespace tinyhil::campaign {
namespace {

using testing::ElementsAre;

TEST(ImageTurns, TwoImagesGoForwardAndBackward) {
  EXPECT_THAT(image_turns(2, 10, 4),
              ElementsAre(ImageTurn{0, 2, true}, ImageTurn{1, 2, true}, ImageTurn{1, 5, false},
                          ImageTurn{0, 5, false}, ImageTurn{0, 7, false}, ImageTurn{1, 7, false},
                          ImageTurn{1, 10, false}, ImageTurn{0, 10, false}));
}

TEST(ImageTurns, OneBlockIsOneImageAfterTheOther) {
  EXPECT_THAT(image_turns(2, 10, 1), ElementsAre(ImageTurn{0, 10, false}, ImageTurn{1, 10, false}));
}

TEST(ImageTurns, ABlockHasAVectorAtLeast) {
  EXPECT_THAT(image_turns(1, 2, 4), ElementsAre(ImageTurn{0, 1, true}, ImageTurn{0, 2, false}));
  EXPECT_THAT(image_turns(1, 0, 4), ElementsAre(ImageTurn{0, 0, false}));
}

}  // namespace
}  // namespace tinyhil::campaign
