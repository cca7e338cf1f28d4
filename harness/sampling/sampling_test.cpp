// SPDX-License-Identifier: Apache-2.0
#include "sampling.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"

namespace tinyhil::sampling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Sampling read(const char* yaml) { return read_sampling(Section::parse(yaml, "gate.yaml")); }

std::string complaint_about(const char* yaml) {
  try {
    read(yaml);
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.remedy();
  }
  return "no error";
}

VectorSet a_set(std::size_t count, std::size_t kinds) {
  VectorSet set;
  set.count = count;
  Slice slice{"kind", {}, {}};
  for (std::size_t k = 0; k < kinds; ++k) slice.values.push_back("kind " + std::to_string(k));
  for (std::size_t i = 0; i < count; ++i) slice.code.push_back(static_cast<std::uint16_t>(i * kinds / count));
  set.slices.push_back(slice);
  return set;
}

TEST(ReadSampling, StopsByAnEProcessInRandomOrderUnlessToldOtherwise) {
  const Sampling sampling = read("{min_vectors: 64}");
  EXPECT_EQ(sampling.order, DrawOrder::random);
  EXPECT_EQ(sampling.stop, StopRule::e_process);
  EXPECT_EQ(sampling.claim, Claim::unseen);
  EXPECT_FALSE(sampling.seed.has_value());
}

TEST(ReadSampling, RefusesWhatContradictsItself) {
  EXPECT_THAT(complaint_about("{stop: sprt}"), HasSubstr("discordance: 3 %"));
  EXPECT_THAT(complaint_about("{order: recorded}"), HasSubstr("no random sample"));
  EXPECT_THAT(complaint_about("{claim: this-set, stop: sprt, discordance: 3 %}"), HasSubstr("claim: unseen"));
  EXPECT_THAT(complaint_about("{min_vectors: 100, max_vectors: 99}"), HasSubstr("below `min_vectors`"));
  EXPECT_THAT(complaint_about("{discordance: 0 %}"), HasSubstr("between 0 % and 100 %"));
  EXPECT_THAT(complaint_about("{stopp: never}"), HasSubstr("stop"));
  EXPECT_EQ(complaint_about("{order: recorded, stop: never}"), "no error");
}

TEST(Looks, EndWithTheLastVectorAndGrowByASixteenth) {
  EXPECT_THAT(looks(read("{min_vectors: 64}"), 80), ElementsAre(64, 68, 72, 76, 80));
  EXPECT_THAT(looks(read("{min_vectors: 64}"), 50), ElementsAre(50));
  EXPECT_THAT(looks(read("{min_vectors: 64, max_vectors: 70}"), 1000), ElementsAre(64, 68, 70));
  EXPECT_THAT(looks(read("{stop: never}"), 1000), ElementsAre(1000));
  EXPECT_THAT(looks(read("{stop: group-sequential}"), 1000), ElementsAre(200, 400, 600, 800, 1000));
}

TEST(DrawOrder, IsAPermutationThatDependsOnTheSeedAlone) {
  const VectorSet set = a_set(1000, 3);
  const std::vector<std::uint32_t> order = draw_order(DrawOrder::random, 7, set);
  EXPECT_EQ(std::set<std::uint32_t>(order.begin(), order.end()).size(), 1000u);
  EXPECT_EQ(order, draw_order(DrawOrder::random, 7, set));
  EXPECT_NE(order, draw_order(DrawOrder::random, 8, set));
  EXPECT_THAT(draw_order(DrawOrder::random, 1, a_set(8, 1)), ElementsAre(4, 6, 3, 5, 1, 7, 2, 0))
      << "pinned: evidence of last year is replayed with it";
}

TEST(DrawOrder, AStratifiedBeginningHoldsTheProportionsOfTheWhole) {
  const VectorSet set = a_set(1200, 4);  // 300 of each
  const std::vector<std::uint32_t> order = draw_order(DrawOrder::stratified, 7, set);
  EXPECT_EQ(std::set<std::uint32_t>(order.begin(), order.end()).size(), 1200u);
  for (const std::ptrdiff_t drawn : {40, 100, 600}) {
    for (std::uint16_t kind = 0; kind < 4; ++kind) {
      const auto seen = std::count_if(order.begin(), order.begin() + drawn,
                                      [&](std::uint32_t i) { return set.slices[0].code[i] == kind; });
      EXPECT_NEAR(static_cast<double>(seen), static_cast<double>(drawn) / 4, 1.01) << drawn;
    }
  }
}

TEST(ReadSampling, WantsTheClaimThatChosenVectorsCanBear) {
  EXPECT_THAT(complaint_about("{order: disagreement-first}"), HasSubstr("claim: this-set"));
  EXPECT_THAT(complaint_about("{order: disagreement-first, claim: this-set, stop: group-sequential}"),
              HasSubstr("stop: e-process"));
  const Sampling sampling = read("{order: disagreement-first, claim: this-set}");
  EXPECT_THAT(to_text(rules_of(sampling)),
              HasSubstr("order disagreement-first, stop e-process, claim this-set"));
}

TEST(Looks, BeginWithTheOthersWhereTheFirstWereChosen) {
  const Sampling sampling = read("{order: disagreement-first, claim: this-set}");
  EXPECT_THAT(looks(sampling, 120, 100), ElementsAre(116, 117, 118, 119, 120));
  EXPECT_THAT(looks(sampling, 70, 0), ElementsAre(64, 68, 70));
  EXPECT_THAT(looks(sampling, 100, 100), ElementsAre(100));
}

TEST(DrawOrder, HasTheChosenFirstAndBothPartsAtRandom) {
  const VectorSet set = a_set(500, 1);
  const std::vector<std::uint32_t> chosen = {3, 77, 78, 200, 499};
  const auto order = draw_order(DrawOrder::disagreement_first, 7, set, chosen);
  EXPECT_EQ(std::set<std::uint32_t>(order.begin(), order.end()).size(), 500u);
  EXPECT_EQ(std::set<std::uint32_t>(order.begin(), order.begin() + 5),
            std::set<std::uint32_t>(chosen.begin(), chosen.end()));
  EXPECT_FALSE(std::is_sorted(order.begin() + 5, order.end()));
  EXPECT_EQ(order, draw_order(DrawOrder::disagreement_first, 7, set, chosen));
  EXPECT_NE(order, draw_order(DrawOrder::disagreement_first, 8, set, chosen));
}

TEST(DrawOrder, RecordedIsTheFiles) {
  EXPECT_THAT(draw_order(DrawOrder::recorded, 7, a_set(4, 1)), ElementsAre(0, 1, 2, 3));
}

}  // namespace
}  // namespace tinyhil::sampling
