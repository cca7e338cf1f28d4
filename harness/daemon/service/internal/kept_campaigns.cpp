// SPDX-License-Identifier: Apache-2.0
#include "kept_campaigns.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>

#include "base/error.hpp"
#include "model/campaign.hpp"

namespace tinyhil::daemon {

namespace {

constexpr const char* kCampaignFile = "campaign.yaml";
constexpr std::size_t kKeptFilesMost = 300;
constexpr std::size_t kPieceOfFile = 1U << 20U;

std::map<std::string, std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::map<std::string, std::filesystem::path> files;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
    const std::filesystem::file_type type = entry->symlink_status().type();
    if (type == std::filesystem::file_type::directory) continue;
    const std::filesystem::path& path = entry->path();
    if (type != std::filesystem::file_type::regular)
      throw Error(ErrorKind::usage, "a kept campaign has something else than files", path.string(),
                  "put the file itself there");
    files.emplace(path.lexically_relative(folder).generic_string(), path);
    if (files.size() > kKeptFilesMost)
      throw Error(ErrorKind::usage, "a kept campaign has more than 300 files", folder.string(),
                  "leave there what the campaign names");
  }
  if (error)
    throw Error(ErrorKind::usage, "cannot be read: " + error.message(), folder.string(),
                "let the daemon's account read it");
  return files;
}

std::string path_within(const std::filesystem::path& file, const KeptCampaign& kept,
                        const std::filesystem::path& folder) {
  const std::string path = file.lexically_normal().lexically_relative(folder).generic_string();
  if (kept.files.contains(path)) return path;
  throw Error(ErrorKind::usage, "a kept campaign names a file outside its folder", file.string(),
              "copy it to " + folder.string());
}

Digest keep(BlobStore& blobs, const std::filesystem::path& file) {
  const Digest digest = sha256_of_file(file);
  if (blobs.has(digest)) return digest;
  BlobWriter writer(blobs, digest);
  std::ifstream in(file, std::ios::binary);
  std::string piece(kPieceOfFile, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0)
    writer.add(std::string_view(piece).substr(0, static_cast<std::size_t>(in.gcount())));
  writer.finish();  // refuses what was changed meanwhile
  return digest;
}

std::string listed(const std::map<std::string, std::string>& candidates) {
  std::string text;
  for (const auto& [name, path] : candidates) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

std::vector<std::string> KeptCampaigns::names() const {
  std::vector<std::string> names;
  if (folder_.empty()) return names;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder_, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    std::error_code none;
    if (std::filesystem::exists(entry->path() / kCampaignFile, none))
      names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

KeptCampaign KeptCampaigns::campaign(const std::string& name) const {
  const std::vector<std::string> all = names();
  if (std::ranges::find(all, name) == all.end())
    throw Error(ErrorKind::not_found, "the daemon keeps no campaign `" + name + "`",
                folder_.empty() ? "--campaigns" : folder_.string(), "GET /api/v1/kept-campaigns lists them");
  const std::filesystem::path folder = std::filesystem::absolute(folder_ / name).lexically_normal();
  KeptCampaign kept{name, files_below(folder)};
  const Campaign campaign = load_campaign(folder / kCampaignFile);
  for (const std::string& candidate : campaign.candidates)
    kept.candidates.emplace(candidate, path_within(campaign.model(candidate).file, kept, folder));
  kept.baseline = campaign.baseline;
  path_within(campaign.vectors, kept, folder);
  kept.policy = sha256_of_file(folder / path_within(campaign.policy, kept, folder));
  return kept;
}

CampaignWish wish_for(const KeptCampaign& kept, const std::map<std::string, Digest>& models,
                      BlobStore& blobs) {
  CampaignWish wish;
  wish.name = kept.name;
  wish.campaign = kCampaignFile;
  for (const auto& [name, digest] : models) {
    const auto candidate = kept.candidates.find(name);
    if (candidate == kept.candidates.end())
      throw Error(ErrorKind::not_allowed, "`" + name + "` is no candidate of the kept campaign",
                  "campaign " + kept.name, "hand in one of: " + listed(kept.candidates));
    wish.files.emplace(candidate->second, digest);
    wish.candidates.push_back(name);
  }
  for (const auto& [path, file] : kept.files)
    if (!wish.files.contains(path)) wish.files.emplace(path, keep(blobs, file));
  return wish;
}

}  // namespace tinyhil::daemon
