// SPDX-License-Identifier: Apache-2.0
#include "yaml_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/complaint.hpp"

namespace tinyhil {
namespace {

std::string what_is_wrong_with(std::string_view yaml) {
  const std::string text = test::complaint([&] { parse_yaml(yaml, {"c.yaml", ""}); });
  return text.substr(0, text.find(';'));
}

TEST(YamlTree, KnowsTheLineOfEveryKeyAndValue) {
  const auto root = parse_yaml("a: 1\n\nb:\n  - x\n  - y\n", {"c.yaml", ""});
  EXPECT_EQ(root->keys, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(root->key_lines, (std::vector<int>{1, 3}));
  EXPECT_EQ(root->children[1].children[1].text, "y");
  EXPECT_EQ(root->children[1].children[1].place(), "c.yaml:5");
}

TEST(YamlTree, RefusesAKeyGivenTwice) {
  EXPECT_EQ(what_is_wrong_with("a: 1\nb: 2\na: 3\n"), "c.yaml:3: key `a` is given twice");
}

TEST(YamlTree, RefusesAliasesTagsAndSecondDocuments) {
  EXPECT_EQ(what_is_wrong_with("a: &x 1\nb: *x\n"), "c.yaml:2: aliases (`*name`) are not supported");
  EXPECT_EQ(what_is_wrong_with("a: !!binary aGk=\n"), "c.yaml:1: tags (`!name`) are not supported");
  EXPECT_EQ(what_is_wrong_with("a: 1\n---\nb: 2\n"), "c.yaml:2: a second document begins here");
}

TEST(YamlTree, RefusesKeysThatAreNotText) {
  EXPECT_EQ(what_is_wrong_with("? [a, b]\n: 1\n"), "c.yaml:1: a key is missing or not text");
  EXPECT_EQ(what_is_wrong_with(": 1\n"), "c.yaml:1: a key is missing or not text");
}

TEST(YamlTree, RefusesAnEmptyFile) {
  EXPECT_EQ(what_is_wrong_with(""), "c.yaml: the file is empty");
  EXPECT_EQ(what_is_wrong_with("# only a comment\n"), "c.yaml: the file is empty");
}

TEST(YamlTree, RefusesWhatIsNotYamlAtTheRightLine) {
  EXPECT_THAT(what_is_wrong_with("a: 1\nb: [1, 2\n"), testing::StartsWith("c.yaml:3: not valid YAML"));
  EXPECT_THAT(what_is_wrong_with("a: 1\n b: 2\n"), testing::StartsWith("c.yaml:2: not valid YAML"));
}

TEST(YamlTree, RefusesTextThatIsNotUtf8) {
  EXPECT_EQ(what_is_wrong_with("a: Ger\xE4t\n"), "c.yaml: not UTF-8 text");
}

TEST(YamlTree, AllowsNestingUpToItsBoundAndNoFurther) {
  EXPECT_EQ(what_is_wrong_with(std::string(32, '[') + std::string(32, ']')), "accepted");
  EXPECT_EQ(what_is_wrong_with(std::string(33, '[') + std::string(33, ']')),
            "c.yaml:1: more than 32 levels of nesting");
}

TEST(YamlTree, AllowsValuesUpToItsBoundAndNoFurther) {
  std::string yaml;
  for (int i = 0; i < 9'999; ++i) yaml += "- v\n";
  EXPECT_EQ(what_is_wrong_with(yaml), "accepted");
  EXPECT_EQ(what_is_wrong_with(yaml + "- v\n"), "c.yaml:10000: more than 10,000 values in one file");
}

}  // namespace
}  // namespace tinyhil
