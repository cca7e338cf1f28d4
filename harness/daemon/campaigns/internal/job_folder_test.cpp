// SPDX-License-Identifier: Apache-2.0
#include "job_folder.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

using testing::HasSubstr;

TEST(AJobFolder, TakesPathsBelowItselfOnly) {
  for (const char* path : {"campaign.yaml", "models/slim.tflite", "a/b/c/d", "..a", "a..", "-rf"})
    EXPECT_EQ(test::complaint([&] { check_sent_path(path); }), "accepted") << path;
  for (const std::string path :
       {"", "/", "/etc/passwd", "..", "../x", "a/../../x", "a/./b", "a//b", "a/", "./a", "a\nb"})
    EXPECT_THAT(test::complaint([&] { check_sent_path(path); }), HasSubstr("is no path below")) << path;
  EXPECT_THAT(test::complaint([] { check_sent_path(std::string(201, 'x')); }), HasSubstr("is no path"));
  std::string deep = "a";
  for (int i = 0; i < 24; ++i) deep += "/a";
  EXPECT_THAT(test::complaint([&] { check_sent_path(deep); }), HasSubstr("is no path"));
}

TEST(AJobFolder, HasExactlyTheFilesThatWereSent) {
  const test::TestFolder folder;
  BlobStore blobs(folder.path() / "blobs", {});
  BlobWriter writer(blobs, sha256("x"));
  writer.add("x");
  writer.finish();
  CampaignWish wish;
  wish.files = {{"campaign.yaml", sha256("x")}, {"models/slim.tflite", sha256("x")}};
  const JobFolder job(folder.path() / "jobs", CampaignId{7});
  job.lay_out(wish, blobs);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(job.files()))
    files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, 2U);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "jobs/7/files/models/slim.tflite"));
  job.remove();
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "jobs/7"));
}

}  // namespace
}  // namespace tinyhil::daemon
