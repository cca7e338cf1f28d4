// SPDX-License-Identifier: Apache-2.0
#include "csv.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace tinyhil {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Error csv_error(std::string_view text) {
  try {
    parse_csv(text, "data.csv");
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorKind::usage, "no error", "", "");
}

TEST(Csv, HasAFieldForEachNameInEveryRow) {
  const Csv csv = parse_csv("x,label\n1.5,yes\r\n\n-2e-3,no", "data.csv");
  EXPECT_THAT(csv.names, ElementsAre("x", "label"));
  EXPECT_THAT(csv.rows, ElementsAre(ElementsAre("1.5", "yes"), ElementsAre("-2e-3", "no")));
  EXPECT_THAT(csv.lines, ElementsAre(2u, 4u));
  EXPECT_EQ(csv.number(1, 0), -2e-3);
  EXPECT_EQ(csv.column("label"), 1u);
  EXPECT_EQ(csv.column("group"), std::nullopt);
}

TEST(Csv, TakesWhatStandsInQuotesAsItIs) {
  const Csv csv = parse_csv("\xEF\xBB\xBF\"a,b\",c\n\"say \"\"no\"\"\nnow\",\n", "data.csv");
  EXPECT_THAT(csv.names, ElementsAre("a,b", "c"));
  EXPECT_THAT(csv.rows, ElementsAre(ElementsAre("say \"no\"\nnow", "")));
}

TEST(Csv, NamesTheLineOfAMistake) {
  const Error fields = csv_error("a,b\n1,2\n3\n");
  EXPECT_EQ(fields.where(), "data.csv:3");
  EXPECT_THAT(fields.what(), HasSubstr("has 1 fields, but the header 2"));
  EXPECT_EQ(csv_error("a,b\n1,2\n\"3,4\n").where(), "data.csv:3") << "where the quote begins";
  EXPECT_THAT(csv_error("a,a\n1,2\n").what(), HasSubstr("two columns are called `a`"));
  EXPECT_THAT(csv_error("a,\n1,2\n").what(), HasSubstr("has no name"));
  EXPECT_THAT(csv_error("a,b\n").what(), HasSubstr("no lines after the header"));
  EXPECT_THAT(csv_error("").what(), HasSubstr("has no name"));
}

TEST(Csv, RefusesWhatIsNoNumberWhereOneIsAskedFor) {
  const Csv csv = parse_csv("x\n1\nnan\n1.5 V\n", "data.csv");
  EXPECT_EQ(csv.number(0, 0), 1);
  for (const std::size_t row : {1u, 2u}) {
    try {
      csv.number(row, 0);
      ADD_FAILURE() << row;
    } catch (const Error& error) {
      EXPECT_EQ(error.where(), "data.csv:" + std::to_string(row + 2));
      EXPECT_THAT(error.what(), HasSubstr("column `x`"));
    }
  }
}

}  // namespace
}  // namespace tinyhil
