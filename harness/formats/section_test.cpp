// SPDX-License-Identifier: Apache-2.0
#include "section.hpp"

#include <gtest/gtest.h>

#include "testing/complaint.hpp"

namespace tinyhil {
namespace {

using namespace std::chrono_literals;

Section read(std::string_view yaml) { return Section::parse(yaml, "bench/campaign.yaml"); }

TEST(Section, ReadsEveryKindOfValue) {
  const Section section = read(
      "name: wake word\ncount: 12\nshare: 2 %\nwait: 20 ms\narena: 13 KiB\nquantile: 0.99\nfast: true\n"
      "file: ../a/b.npz\n");
  EXPECT_EQ(section.text("name"), "wake word");
  EXPECT_EQ(section.integer("count", 1, 100), 12);
  EXPECT_EQ(section.ratio("share"), 0.02);
  EXPECT_EQ(section.duration("wait"), 20ms);
  EXPECT_EQ(section.byte_count("arena"), 13'312u);
  EXPECT_EQ(section.number("quantile", 0, 1), 0.99);
  EXPECT_TRUE(section.boolean("fast", false));
  EXPECT_EQ(section.path("file"), "a/b.npz");
  section.finish();
}

TEST(Section, FallsBackOnlyWhenTheKeyIsMissing) {
  const Section section = read("present: 7\n");
  EXPECT_EQ(section.integer("present", 0, 10, 3), 7);
  EXPECT_EQ(section.integer("absent", 0, 10, 3), 3);
  EXPECT_EQ(section.text("absent", "none"), "none");
  EXPECT_EQ(section.choice("absent", {"a", "b"}, "b"), "b");
  EXPECT_EQ(section.optional_ratio("absent"), std::nullopt);
  EXPECT_EQ(section.optional_duration("absent"), std::nullopt);
  EXPECT_EQ(section.optional_byte_count("absent"), std::nullopt);
  EXPECT_EQ(section.optional_path("absent"), std::nullopt);
}

TEST(Section, TakesASingleValueAsAListOfOne) {
  const Section section = read("one: slim\nmore: [slim, tiny]\n");
  EXPECT_EQ(section.texts("one"), std::vector<std::string>{"slim"});
  EXPECT_EQ(section.texts("more"), (std::vector<std::string>{"slim", "tiny"}));
  EXPECT_TRUE(section.texts("none").empty());
}

TEST(Section, KeepsNamedSectionsInTheFilesOrder) {
  const auto models = read("models:\n  zeta: {file: z}\n  alpha: {file: a}\n").named_sections("models");
  ASSERT_EQ(models.size(), 2u);
  EXPECT_EQ(models[0].first, "zeta");
  EXPECT_EQ(models[1].second.text("file"), "a");
  EXPECT_EQ(models[1].second.where(), "bench/campaign.yaml:3");
}

TEST(Section, NamesAnUnknownKeyWithItsLineAndTheNearestValidOne) {
  const Section section = read("campaign: x\n\nrepeat: 2\n");
  section.text("campaign");
  section.integer("repeats", 1, 10, 1);
  EXPECT_EQ(test::complaint([&] { section.finish(); }),
            "bench/campaign.yaml:3: unknown key `repeat`; did you mean `repeats`? choose one of `campaign`, "
            "`repeats`");
}

TEST(Section, NamesTheMisspeltKeyWhenARequiredOneIsMissing) {
  const Section section = read("campaign: x\nbasline: shipped\n");
  EXPECT_EQ(test::complaint([&] { section.text("baseline"); }),
            "bench/campaign.yaml:2: unknown key `basline`; did you mean `baseline`?");
}

TEST(Section, SaysWhichRequiredKeyIsMissing) {
  const Section section = read("campaign: x\n");
  EXPECT_EQ(test::complaint([&] { section.text("baseline"); }),
            "bench/campaign.yaml:1: key `baseline` is missing; add a line `baseline: ...`");
}

TEST(Section, RemembersWhatASubsectionsOwnReaderAskedFor) {
  const Section bench = read("link: {driver: emulated, machine: mps2}\n");
  const Section link = bench.section("link");
  link.text("driver");
  const auto read_by_another = [](Section handed_over) { handed_over.text("machine"); };
  read_by_another(link);
  EXPECT_EQ(test::complaint([&] { link.finish(); }), "accepted");
}

TEST(Section, RefusesANumberWithoutItsUnit) {
  const Section section = read("margin: 0.02\n");
  EXPECT_EQ(test::complaint([&] { section.ratio("margin"); }),
            "bench/campaign.yaml:1: `margin` is `0.02`, which is not a share in percent; write a number and "
            "its unit, such as `2 %`");
}

TEST(Section, RefusesANumberOutOfItsRange) {
  const Section section = read("repeats: 0\nquantile: 1.5\n");
  EXPECT_EQ(test::complaint([&] { section.integer("repeats", 1, 1000); }),
            "bench/campaign.yaml:1: `repeats` is `0`, which is not within 1 to 1000; write a whole number "
            "from 1 to 1000");
  EXPECT_EQ(test::complaint([&] { section.number("quantile", 0, 1); }),
            "bench/campaign.yaml:2: `quantile` is `1.5`, which is not within 0 to 1; write a number without "
            "unit from 0 to 1");
}

TEST(Section, SuggestsTheNearestOfTheChoices) {
  const Section section = read("provenance: emulate\n");
  EXPECT_EQ(test::complaint([&] {
              section.choice("provenance", {"real", "emulated", "process"});
            }),
            "bench/campaign.yaml:1: `provenance` is `emulate`, which is not one of the values it can have; "
            "did you mean `emulated`? choose one of `real`, `emulated`, `process`");
}

TEST(Section, RefusesAValueOfAnotherShape) {
  const Section section = read("list: [1, 2]\nmapping: {a: 1}\nnothing:\nempty: ''\n");
  EXPECT_NE(test::complaint([&] { section.text("list"); }).find("one value, not a list"), std::string::npos);
  EXPECT_NE(test::complaint([&] { section.text("nothing"); }).find("has no value"), std::string::npos);
  EXPECT_NE(test::complaint([&] { section.text("empty"); }).find("is empty"), std::string::npos);
  EXPECT_NE(test::complaint([&] { section.section("list"); }).find("must be a mapping"), std::string::npos);
  EXPECT_NE(test::complaint([&] { section.sections("mapping"); }).find("must be a list"), std::string::npos);
  EXPECT_NE(test::complaint([&] { section.sections("list"); }).find("an entry of `list`"), std::string::npos);
  EXPECT_NE(test::complaint([&] { section.texts("mapping"); }).find("one value"), std::string::npos);
}

TEST(Section, AnchorsItsOwnComplaintsAtAKeysLine) {
  const Section section = read("a: 1\nb: 2\n");
  EXPECT_EQ(test::complaint([&] { section.fail_at("b", "too many", "use fewer"); }),
            "bench/campaign.yaml:2: too many; use fewer");
  EXPECT_EQ(test::complaint([&] { section.fail("odd", "even it out"); }),
            "bench/campaign.yaml:1: odd; even it out");
}

TEST(Section, OfAMissingFileSaysSo) {
  EXPECT_NE(test::complaint([] {
              Section::load("/nowhere/campaign.yaml");
            }).find("/nowhere/campaign.yaml: there is no"),
            std::string::npos);
}

TEST(Section, OutlivesTheSectionItCameFrom) {
  auto link = [] { return read("link: {driver: tcp}\n").section("link"); }();
  EXPECT_EQ(link.text("driver"), "tcp");
}

}  // namespace
}  // namespace tinyhil
