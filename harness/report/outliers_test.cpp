// SPDX-License-Identifier: Apache-2.0
#include "outliers.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Outliers, AreToldWithBoardFigureAndPool) {
  test::ReportSample sample = test::boards_sample();
  EXPECT_THAT(
      outliers_of(sample.report()),
      ElementsAre("board b<4> stands apart (slim): 12 of 64 outputs that other boards gave, too, are not "
                  "those of most boards",
                  "board b<4> stands apart (slim): 81.0 % on its vectors, 94.2 % on those of the other "
                  "boards (Fisher's exact test, adjusted for 4 boards: p = 0.0031)",
                  "board b<4> stands apart (slim): median latency 12.346 ms, that of the boards 10.002 ms "
                  "(modified z-score 14.2, limit 7.9)",
                  "board b<4> stands apart (slim): 140 µJ an inference, median of the boards 101.5 µJ "
                  "(modified z-score -9.2, limit 7.9)"));
  sample.boards[0].outliers = {
      {"b1", BoardFigure::latency, 9, 10, -std::numeric_limits<double>::infinity(), 7.9}};
  EXPECT_THAT(outliers_of(sample.report()), ElementsAre(HasSubstr("(most boards are equal)")));
}

TEST(Outliers, AreInEveryFormatForPeopleAndChangeNoVerdict) {
  const test::ReportSample sample = test::boards_sample();
  const Report report = sample.report();
  EXPECT_THAT(render_html(report), HasSubstr("board b&lt;4&gt; stands apart (slim): median latency"));
  EXPECT_THAT(render_html(report), HasSubstr("no verdict follows from it"));
  EXPECT_EQ(test::count_of(render_html(report), "Board b&lt;4&gt; stands apart from the others"), 1U);
  EXPECT_THAT(render_markdown(report), HasSubstr("stands apart (slim): median latency"));
  EXPECT_THAT(render_junit(report), AllOf(HasSubstr("board_outlier"), HasSubstr("modified z-score 14.2")));
  EXPECT_THAT(render_json(report), AllOf(HasSubstr(R"("figure":"accuracy","value":0.81)"),
                                         HasSubstr(R"("p_adjusted":0.0031)"), HasSubstr(R"("icc":0.00312)")));
}

TEST(Boards, AreATableWithALineForEach) {
  test::ReportSample sample = test::boards_sample();
  const std::string page = render_html(sample.report());
  for (const char* cell : {">b1, nucleo<", ">0672FF<", ">95.0 % (", ">10.911 ms<", ">0 of 64<", ">2<"})
    EXPECT_THAT(page, HasSubstr(cell));
  EXPECT_THAT(page,
              HasSubstr("Latency of slim: standard deviation 120.0 µs between boards, 2.1400 ms between "
                        "vectors of a board; 0.3 % of the variance lies between boards (F test: p = "
                        "0.41)."));
  EXPECT_THAT(page, Not(HasSubstr("energy an inference</th>")));
  sample.boards[0].boards[0].energy_uj = UncertainFigure{101, 1, {99, 103}, {}};
  sample.boards[0].boards.resize(2);
  EXPECT_THAT(render_html(sample.report()),
              AllOf(HasSubstr("101 µJ (99 to 103)"), HasSubstr("Two boards cannot say")));
}

TEST(Boards, AreInNoReportOfASingleOne) {
  const test::ReportSample sample = test::wake_word_sample();
  const Report report = sample.report();
  EXPECT_THAT(render_html(report), Not(HasSubstr("id=\"boards\"")));
  EXPECT_THAT(render_json(report), Not(HasSubstr("\"outliers\"")));
}

}  // namespace
}  // namespace tinyhil::report
