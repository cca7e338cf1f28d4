// SPDX-License-Identifier: Apache-2.0
#include "blob_store.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class Blobs : public testing::Test {
 protected:
  std::filesystem::path place() const { return folder_.path() / "blobs"; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(place()), {}));
  }
  static void put(BlobStore& store, std::string_view content) {
    BlobWriter writer(store, sha256(content));
    writer.add(content);
    writer.finish();
  }

  const test::TestFolder folder_;
};

TEST_F(Blobs, KeepsWhatHasTheDigestThatWasSaid) {
  BlobStore store(place(), {});
  BlobWriter writer(store, sha256("vectors"));
  writer.add("vec");
  writer.add("tors");
  EXPECT_FALSE(store.has(sha256("vectors"))) << "not before it is whole";
  writer.finish();
  EXPECT_TRUE(store.has(sha256("vectors")));
  EXPECT_TRUE(BlobStore(place(), {}).has(sha256("vectors"))) << "also when it is opened again";
}

TEST_F(Blobs, RefusesBytesOfAnotherDigestAndKeepsNothingOfThem) {
  BlobStore store(place(), {});
  {
    BlobWriter writer(store, sha256("this"));
    writer.add("that");
    EXPECT_THAT(test::complaint([&] { writer.finish(); }), HasSubstr(sha256("that").hex()));
  }
  EXPECT_FALSE(store.has(sha256("this")));
  EXPECT_EQ(files(), 0U);
}

TEST_F(Blobs, RefusesMoreBytesThanABlobMayHave) {
  BlobBounds bounds;
  bounds.blob_most = 10;
  BlobStore store(place(), bounds);
  BlobWriter writer(store, sha256("x"));
  writer.add("0123456789");
  EXPECT_THAT(test::complaint([&] { writer.add("0"); }), HasSubstr("larger than 10 bytes"));
}

TEST_F(Blobs, TellsWhatIsMissingOnceEach) {
  BlobStore store(place(), {});
  put(store, "there");
  const std::array asked{sha256("there"), sha256("not"), sha256("not")};
  EXPECT_THAT(store.missing(asked), ElementsAre(sha256("not")));
}

TEST_F(Blobs, RemovesWhatWasHalfWrittenWhenTheDaemonWasKilled) {
  std::filesystem::create_directories(place());
  folder_.write("blobs/" + sha256("x").hex() + ".7.part", "half");
  BlobStore store(place(), {});
  EXPECT_EQ(files(), 0U);
}

TEST_F(Blobs, LinksAFileWithTheFoldersOnItsWay) {
  BlobStore store(place(), {});
  put(store, "model");
  store.link(sha256("model"), folder_.path() / "job/models/slim.tflite");
  EXPECT_EQ(content_of(folder_.path() / "job/models/slim.tflite"), "model");
  EXPECT_THAT(test::complaint([&] { store.link(sha256("other"), folder_.path() / "job/other"); }),
              HasSubstr("there is no upload"));
}

TEST_F(Blobs, DropsTheOldestThatNoCampaignUses) {
  BlobBounds bounds;
  bounds.total_most = 8;
  BlobStore store(place(), bounds);
  for (const char* content : {"used", "old.", "mid.", "new."}) put(store, content);
  store.link(sha256("used"), folder_.path() / "job/used");
  const auto now = std::filesystem::file_time_type::clock::now();
  std::filesystem::last_write_time(place() / sha256("old.").hex(), now - std::chrono::hours(2));
  std::filesystem::last_write_time(place() / sha256("mid.").hex(), now - std::chrono::hours(1));
  std::filesystem::last_write_time(place() / sha256("new.").hex(), now);
  store.drop_unused();
  EXPECT_FALSE(store.has(sha256("old.")));
  EXPECT_TRUE(store.has(sha256("mid.")));
  EXPECT_TRUE(store.has(sha256("new.")));
  EXPECT_TRUE(store.has(sha256("used")));
}

}  // namespace
}  // namespace tinyhil::daemon
