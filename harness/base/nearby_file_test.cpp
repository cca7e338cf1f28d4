// SPDX-License-Identifier: Apache-2.0
#include "nearby_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "temporary_folder.hpp"

namespace tinyhil {
namespace {

TEST(NearbyFile, IsTheOneWhoseNameIsAlmostTheSame) {
  const TemporaryFolder folder;
  for (const char* name : {"campaign.yaml", "gate.yaml", "vectors.npz"}) std::ofstream(folder.path() / name);
  EXPECT_EQ(nearby_file_hint(folder.path() / "campain.yaml"), "did you mean `campaign.yaml`? ");
  EXPECT_EQ(nearby_file_hint(folder.path() / "vectors.npy"), "did you mean `vectors.npz`? ");
  EXPECT_EQ(nearby_file_hint(folder.path() / "bench.json"), "");
}

TEST(NearbyFile, IsNoneWhereTheFolderIsMissing) {
  const TemporaryFolder folder;
  EXPECT_EQ(nearby_file_hint(folder.path() / "missing" / "campaign.yaml"), "");
  const std::ofstream file(folder.path() / "file");
  EXPECT_EQ(nearby_file_hint(folder.path() / "file" / "campaign.yaml"), "");
}

}  // namespace
}  // namespace tinyhil
