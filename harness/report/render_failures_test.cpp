// SPDX-License-Identifier: Apache-2.0
// Which vectors the candidates have wrong, on the page.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Vectors labelled no and yes in turn; a baseline that has all right but the last, and a candidate.
test::ReportSample sample_of(std::vector<float> scores) {
  test::ReportSample sample = test::wake_word_sample();
  const std::size_t count = scores.size();
  VectorSet& vectors = sample.vectors;
  vectors.count = count;
  vectors.classes = {"no", "yes"};
  vectors.labels.resize(count);
  for (std::size_t i = 0; i < count; ++i) vectors.labels[i] = static_cast<std::uint16_t>(i % 2);
  vectors.slices = {{"voice", {"low", "high"}, std::vector<std::uint16_t>(count, 1)}};
  vectors.input = Tensor{DType::int8, 3, {1, 2, 3, 1}, 0, 0};
  vectors.inputs.assign(count * 6, 0);
  for (std::size_t i = 0; i < vectors.inputs.size(); ++i)
    vectors.inputs[i] = static_cast<std::uint8_t>(i % 6);
  sample.scorecards.resize(2);
  for (Scorecard& card : sample.scorecards) {
    card.classes = vectors.classes;
    card.answers.assign(count, Answer::given);
    card.scores.assign(count, 1);
    card.predicted = vectors.labels;
  }
  sample.scorecards[0].scores.back() = 0;
  sample.scorecards[1].scores = std::move(scores);
  for (std::size_t i = 0; i < count; ++i)
    if (sample.scorecards[1].scores[i] < 1)
      sample.scorecards[1].predicted[i] = static_cast<std::uint16_t>(1 - i % 2);
  return sample;
}

std::string failures_in(const std::string& page) {
  const std::size_t begin = page.find("<section id=\"failures\"");
  if (begin == std::string::npos) return "";
  return page.substr(begin, page.find("</section>", begin) - begin);
}

TEST(FailuresPage, ListsWhatWasLostBeforeWhatTheBaselineHasWrongToo) {
  const std::string section = failures_in(render_html(sample_of({1, 0, 1, 0}).report()));
  EXPECT_THAT(section, HasSubstr("2 of 4 vectors, 1 of them lost"));
  EXPECT_THAT(section,
              HasSubstr("<th scope=\"row\">1</th><td class=\"\">yes</td><td class=\"\">yes</td>"
                        "<td class=\"\">yes</td><td class=\"\">no</td><td class=\"\">voice high</td>"));
  EXPECT_LT(section.find("<th scope=\"row\">1</th><td class=\"\">yes</td>"),
            section.find("<th scope=\"row\">3</th><td class=\"\">no</td>"));
  EXPECT_THAT(section, Not(HasSubstr("<th scope=\"row\">0</th>")));
}

TEST(FailuresPage, ShowsTwentyAndCountsAll) {
  const std::string section = failures_in(render_html(sample_of(std::vector<float>(300, 0)).report()));
  EXPECT_THAT(section, HasSubstr("300 of 300 vectors, 299 of them lost; the first 20"));
  EXPECT_EQ(test::count_of(section, "<th scope=\"row\">"), 20u);
}

TEST(FailuresPage, SaysWhatBecameOfVectorsWithoutAnAnswer) {
  test::ReportSample sample = sample_of({0, 0, 1, 1});
  sample.scorecards[1].answers[0] = Answer::quarantined;
  sample.scorecards[1].answers[1] = Answer::missing;
  const std::string section = failures_in(render_html(sample.report()));
  EXPECT_THAT(section,
              AllOf(HasSubstr("crash or hang"), HasSubstr("no answer"), HasSubstr("1 of them lost")));
}

TEST(FailuresPage, DrawsInputsOnlyWhereThatIsAskedFor) {
  const test::ReportSample sample = sample_of({1, 0, 1, 0});
  report::Report report = sample.report();
  EXPECT_THAT(render_html(report), Not(HasSubstr("class=\"thumbnail\"")));
  report.has_thumbnails = true;
  const std::string section = failures_in(render_html(report));
  EXPECT_EQ(test::count_of(section, "class=\"thumbnail\""), 2u);
  // 2 rows of 3: from black, 0, over five shades to white, 5.
  EXPECT_THAT(section, AllOf(HasSubstr("viewBox=\"0 0 3 2\""), HasSubstr("input of vector 1"),
                             HasSubstr("<path d=\"M0 0h1v1h-1z\" fill=\"#000000\"/>"),
                             HasSubstr("<path d=\"M2 1h1v1h-1z\" fill=\"#ffffff\"/>")));
}

TEST(FailuresPage, DrawsAnInputOfOneDimensionAsALine) {
  test::ReportSample sample = sample_of({1, 0});
  sample.vectors.input = Tensor{DType::int8, 2, {1, 6, 1, 1}, 0, 0};
  report::Report report = sample.report();
  report.has_thumbnails = true;
  EXPECT_THAT(failures_in(render_html(report)),
              HasSubstr("points=\"0 24.0 1 19.2 2 14.4 3 9.6 4 4.8 5 0.0\""));
}

TEST(FailuresPage, KeepsADrawingOfALargeInputSmall) {
  test::ReportSample sample = sample_of({1, 0});
  sample.vectors.input = Tensor{DType::int8, 4, {1, 96, 96, 3}, 0, 0};
  sample.vectors.inputs.assign(sample.vectors.input.bytes() * 2, 7);
  report::Report report = sample.report();
  report.has_thumbnails = true;
  const std::string section = failures_in(render_html(report));
  EXPECT_THAT(section, HasSubstr("viewBox=\"0 0 32 32\""));
  EXPECT_LT(section.size(), 25'000u);
}

TEST(FailuresPage, DrawsNothingOfInputsThatHaveNoPicture) {
  test::ReportSample sample = sample_of({1, 0});
  sample.vectors.input = Tensor{DType::int8, 4, {2, 3, 5, 7}, 0, 0};
  sample.vectors.inputs.assign(sample.vectors.input.bytes() * 2, 7);
  report::Report report = sample.report();
  report.has_thumbnails = true;
  EXPECT_THAT(render_html(report), Not(HasSubstr("class=\"thumbnail\"")));
}

TEST(FailuresPage, IsNotThereWithoutABaselineThatRan) {
  EXPECT_EQ(failures_in(render_html(test::empty_sample().report())), "");
}

}  // namespace
}  // namespace tinyhil::report
