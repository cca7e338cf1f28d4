// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

class WriteReports : public testing::Test {
 protected:
  WriteReports() { std::filesystem::remove_all(folder_); }
  ~WriteReports() override { std::filesystem::remove_all(folder_); }

  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      found.insert(entry.path().filename());
    return found;
  }

  std::string content(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / name).rdbuf();
    return text.str();
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("tinyhil-write-reports-" + std::to_string(getpid()));
};

TEST_F(WriteReports, MakesTheFolderAndLeavesNothingButTheReports) {
  write_reports(test::empty_sample().report(), folder_ / "deep");
  write_reports(test::empty_sample().report(), folder_);
  EXPECT_EQ(names(), (std::set<std::string>{"deep", "metrics.prom", "results.sarif", "report.html",
                                            "summary.md", "junit.xml", "report.json"}));
}

TEST_F(WriteReports, ReplacesAnOlderReport) {
  write_reports(test::empty_sample().report(), folder_);
  const test::ReportSample sample = test::wake_word_sample();
  write_reports(sample.report(), folder_);
  EXPECT_EQ(content("report.json"), render_json(sample.report()));
  EXPECT_EQ(content("summary.md"), render_markdown(sample.report()));
}

TEST_F(WriteReports, IsAnOutputErrorWithARemedyWhenTheFolderIsAFile) {
  std::ofstream(folder_) << "not a folder";
  try {
    write_reports(test::empty_sample().report(), folder_);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::output);
    EXPECT_EQ(error.where(), (folder_ / "report.json").string());
    EXPECT_NE(error.remedy().find("check the folder"), std::string::npos);
  }
}

TEST_F(WriteReports, LeavesNoPartBehindWhenAReportCannotBeReplaced) {
  std::filesystem::create_directories(folder_ / "report.json" / "in the way");
  EXPECT_THROW(write_reports(test::empty_sample().report(), folder_), Error);
  EXPECT_EQ(names(), (std::set<std::string>{"report.json"}));
}

}  // namespace
}  // namespace tinyhil::report
