// SPDX-License-Identifier: Apache-2.0
#include "submission.hpp"

#include <limits>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "daemon/campaigns/internal/job_folder.hpp"
#include "daemon/service/internal/callers.hpp"
#include "daemon/service/internal/routes.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kFilesMost = 300;
constexpr std::size_t kTextMost = 200;  // characters of a name or a purpose
constexpr std::int64_t kBoardsMost = 64;
constexpr std::int64_t kRetriesMost = 10;
constexpr std::size_t kCampaignFileMost = 1U << 20U;
constexpr std::int64_t kSeedMost = (std::int64_t{1} << 53) - 1;

Digest digest_of(const Section& files, const std::string& path, const std::string& hex) {
  const std::optional<Digest> digest = sha256_in(hex);
  if (!digest) files.fail_at(path, "this is no SHA-256", "write its 64 hex digits in lower case");
  return *digest;
}

std::map<std::string, Digest> files_in(const Section& section) {
  const std::map<std::string, Digest> files = digests_in(section, "files");
  for (const auto& [path, digest] : files) check_sent_path(path);
  if (files.empty() || files.size() > kFilesMost)
    section.fail_at("files", "there are no files, or more than 300", "send what the campaign names");
  return files;
}

std::string path_in(const Section& section, const char* key, const CampaignWish& wish) {
  const std::string path = section.text(key);
  if (!wish.files.contains(path))
    section.fail_at(key, "`" + std::string(key) + "` is none of `files`", "name one of them");
  return path;
}

std::string short_text(const Section& section, const char* key) {
  const std::string text = section.text(key, "");
  if (text.size() > kTextMost)
    section.fail_at(key, "`" + std::string(key) + "` is longer than 200 characters", "say it in fewer words");
  return text;
}

// As the campaign names itself.
std::string name_in_file(const CampaignWish& wish, const BlobStore& blobs) {
  const Digest& digest = wish.files.at(wish.campaign);
  if (!blobs.has(digest))
    throw Error(ErrorKind::usage, "there is no upload " + digest.hex(), wish.campaign,
                "send it first: PUT /api/v1/blobs/" + digest.hex());
  const auto content = read_file(blobs.file_of(digest), kCampaignFileMost, "campaign file");
  const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
  return Section::parse(text, wish.campaign).text("campaign").substr(0, kTextMost);
}

}  // namespace

std::map<std::string, Digest> digests_in(const Section& section, const std::string& key) {
  const Section named = section.section(key);
  std::map<std::string, Digest> digests;
  for (const auto& [name, text] : named.entries())
    digests.emplace(name, digest_of(named, name, named.text(name)));
  return digests;
}

void read_where_to_run(const Section& section, const Caller& caller, CampaignWish& wish) {
  wish.selector = confined(section.text("selector", ""), caller);
  wish.boards = static_cast<std::size_t>(section.integer("boards", 1, kBoardsMost, 1));
  const std::string priority = section.choice("priority", {"low", "normal", "high"}, "normal");
  wish.priority = priority == "low" ? Priority::low : priority == "high" ? Priority::high : Priority::normal;
  wish.purpose = short_text(section, "purpose");
}

const char* const kSubmissionSchema = R"({
  "type": "object",
  "required": ["campaign", "files"],
  "additionalProperties": false,
  "properties": {
    "campaign": {"type": "string", "description": "path of the campaign file, one of files"},
    "files": {"type": "object", "maxProperties": 300, "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
              "description": "path below the campaign's folder to the SHA-256 of what was sent; absolute paths in the campaign file begin at this folder"},
    "image": {"type": "string", "description": "firmware that the boards have to run, one of files"},
    "candidates": {"type": "array", "items": {"type": "string"}, "description": "only these; left out, all"},
    "selector": {"type": "string", "maxLength": 1024, "description": "which boards will do, such as chip=stm32f4; left out, any"},
    "boards": {"type": "integer", "minimum": 1, "maximum": 64, "default": 1, "description": "at most so many divide the vectors"},
    "retries": {"type": "integer", "minimum": 0, "maximum": 10, "default": 1, "description": "at most so many, of failures of the bench or a board alone"},
    "priority": {"enum": ["low", "normal", "high"], "default": "normal"},
    "name": {"type": "string", "maxLength": 200, "description": "for others to read; left out, the campaign file's"},
    "purpose": {"type": "string", "maxLength": 200, "description": "for others to read"},
    "seed": {"type": "integer", "minimum": 0, "maximum": 9007199254740991, "description": "of an order of the vectors that these models have had; left out, one is drawn"}
  }
})";

// JSON is read as the YAML that it is, for the same care with keys.
CampaignWish submission_in(const Request& request, const BlobStore& blobs) {
  const Section section = Section::parse(request.body, "request");
  CampaignWish wish;
  wish.owner = request.caller.name;
  wish.key = request.idempotency_key;
  wish.files = files_in(section);
  wish.campaign = path_in(section, "campaign", wish);
  if (section.has("image")) wish.image = path_in(section, "image", wish);
  wish.candidates = section.texts("candidates");
  read_where_to_run(section, request.caller, wish);
  wish.name = short_text(section, "name");
  wish.retries = static_cast<std::size_t>(section.integer("retries", 0, kRetriesMost, 1));
  if (section.has("seed")) wish.seed = static_cast<std::uint64_t>(section.integer("seed", 0, kSeedMost));
  section.finish();
  if (wish.name.empty()) wish.name = name_in_file(wish, blobs);
  return wish;
}

}  // namespace tinyhil::daemon
