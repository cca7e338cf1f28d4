// SPDX-License-Identifier: Apache-2.0
#include "sent_files.hpp"

#include <algorithm>
#include <vector>

#include "formats/section.hpp"

namespace tinyhil::app {

namespace {

namespace fs = std::filesystem;

bool is_absolute(const std::string& path) { return fs::path(path).is_absolute(); }

// A campaign that is read elsewhere finds relative paths from its own place, and absolute ones from the top.
bool names_absolute_paths(const fs::path& campaign) {
  const Section section = Section::load(campaign);
  if (is_absolute(section.text("vectors")) || is_absolute(section.text("gate"))) return true;
  for (const auto& [name, model] : section.named_sections("models"))
    if (is_absolute(model.text("file", "")) || is_absolute(model.text("image", ""))) return true;
  return false;
}

fs::path common_folder(const std::vector<fs::path>& files) {
  fs::path common = files.front().parent_path();
  for (const fs::path& file : files) {
    const auto [end, unused] = std::mismatch(common.begin(), common.end(), file.begin(), file.end());
    fs::path shorter;
    for (auto part = common.begin(); part != end; ++part) shorter /= *part;
    common = shorter;
  }
  return common;
}

fs::path whole(const fs::path& file) { return fs::absolute(file).lexically_normal(); }

}  // namespace

Parcel parcel_of(const Campaign& campaign, const std::optional<fs::path>& image) {
  std::vector<fs::path> files{whole(campaign.file), whole(campaign.vectors), whole(campaign.policy)};
  for (const ModelFile& model : campaign.models) files.push_back(whole(model.file));
  if (image) files.push_back(whole(*image));
  const fs::path root = names_absolute_paths(campaign.file) ? fs::path("/") : common_folder(files);
  Parcel parcel;
  for (const fs::path& file : files)
    parcel.files[file.lexically_relative(root).string()] = {file, sha256_of_file(file)};
  parcel.campaign = whole(campaign.file).lexically_relative(root).string();
  if (image) parcel.image = whole(*image).lexically_relative(root).string();
  return parcel;
}

}  // namespace tinyhil::app
