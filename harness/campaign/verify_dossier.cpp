// SPDX-License-Identifier: Apache-2.0
#include "verify_dossier.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file_content.hpp"
#include "base/temporary_folder.hpp"
#include "campaign/internal/hold_verdicts.hpp"
#include "evidence/broken.hpp"
#include "evidence/manifest.hpp"
#include "version.hpp"

namespace tinyhil::campaign {

namespace fs = std::filesystem;

namespace {

using UnorderedJson = nlohmann::json;

// What has to be known before anything can be computed again.
struct Claims {
  std::string version;
  Moment judged_at;
  std::vector<std::string> candidates;
  std::int64_t run = 0;
};

template <class T>
T claim(const UnorderedJson& detail, const char* pointer) {
  try {
    return detail.at(UnorderedJson::json_pointer(pointer)).get<T>();
  } catch (const UnorderedJson::exception&) {
    throw evidence::broken(std::string(bundle::kDetail) + " " + pointer,
                           "it is missing or of the wrong kind");
  }
}

Claims claims_in(const std::string& text) {
  const UnorderedJson detail = UnorderedJson::parse(text, nullptr, false);
  if (detail.is_discarded()) throw evidence::broken(bundle::kDetail, "it is no JSON");
  const auto judged_at = parse_moment(claim<std::string>(detail, "/predicate/judged_at"));
  if (!judged_at)
    throw evidence::broken(std::string(bundle::kDetail) + " /predicate/judged_at", "it is no point in time");
  return {claim<std::string>(detail, "/predicate/tinyhil"), *judged_at,
          claim<std::vector<std::string>>(detail, "/predicate/candidates"),
          claim<std::int64_t>(detail, "/predicate/run/id")};
}

// Line in a text, place in a JSON document.
std::string first_difference(const std::string& stored, const std::string& computed) {
  const UnorderedJson theirs = UnorderedJson::parse(stored, nullptr, false);
  const UnorderedJson ours = UnorderedJson::parse(computed, nullptr, false);
  if (!theirs.is_discarded() && !ours.is_discarded() && theirs != ours)
    return " " + UnorderedJson::diff(theirs, ours).at(0).at("path").get<std::string>();
  const auto at = std::mismatch(stored.begin(), stored.end(), computed.begin(), computed.end()).first;
  return " line " + std::to_string(1 + std::count(stored.begin(), at, '\n'));
}

void compare(const evidence::Files& files, const std::string& name, const std::string& computed) {
  const auto stored = files.find(name);
  if (stored == files.end()) throw evidence::broken(name, "the file is missing");
  if (stored->second == computed) return;
  throw evidence::broken(name + first_difference(stored->second, computed),
                         "it is not what the stored results give");
}

// Pages may look different in another version; verdicts and their numbers may not, nor what is made of them.
void compare_result(const evidence::Files& files, const std::string& computed) {
  const auto stored = files.find(bundle::kStatement);
  if (stored == files.end()) throw evidence::broken(bundle::kStatement, "the file is missing");
  const UnorderedJson::json_pointer place("/predicate/result");
  const UnorderedJson theirs = UnorderedJson::parse(stored->second, nullptr, false);
  if (!theirs.is_discarded() &&
      theirs.value(place, UnorderedJson()) == UnorderedJson::parse(computed).at(place))
    return;
  throw evidence::broken(std::string(bundle::kStatement) + " " + place.to_string(),
                         "it is not what the stored results give");
}

std::optional<std::string> compare_verdicts(const evidence::Files& files, const std::string& computed) {
  const auto stored = files.find(bundle::kReport);
  if (stored == files.end()) throw evidence::broken(bundle::kReport, "the file is missing");
  const UnorderedJson theirs = UnorderedJson::parse(stored->second, nullptr, false);
  const UnorderedJson ours = UnorderedJson::parse(computed);
  if (theirs.is_discarded() || !theirs.is_object() || !theirs.contains("verdicts"))
    throw evidence::broken(bundle::kReport, "it holds no verdicts");
  return hold_verdicts(theirs["verdicts"], ours["verdicts"]);
}

void compare_rendered(const evidence::Files& files, const evidence::Files& computed) {
  // First the numbers, then who quotes them: the first difference is the most telling.
  for (const char* name : {bundle::kReport, bundle::kStatement, bundle::kDetail})
    compare(files, name, computed.at(name));
  for (const auto& [name, content] : computed) compare(files, name, content);
}

void refuse_strangers(const evidence::Files& files, const evidence::Files& inputs,
                      const evidence::Files& rendered) {
  for (const auto& [name, content] : files) {
    const bool known = inputs.contains(name) || rendered.contains(name) || name == evidence::kManifest ||
                       name.ends_with(evidence::kEnvelopeSuffix);
    if (!known) throw evidence::broken(name, "nothing in the campaign calls for this file");
  }
}

void unpack(const evidence::Files& files, const TemporaryFolder& folder) {
  for (const auto& [name, content] : files) folder.write(name, content);
}

// Whatever is wrong with an unpacked file, or with what follows from it, is wrong with the bundle.
Error complaint_about_bundle(const fs::path& folder, const Error& error) {
  const std::string prefix = folder.string() + "/";
  const bool inside = error.where().starts_with(prefix);
  return evidence::broken(inside ? error.where().substr(prefix.size()) : error.where(), error.what());
}

Inputs load_unpacked(const fs::path& folder, const std::vector<std::string>& candidates) {
  const CampaignFiles moved{folder / bundle::kVectors, folder / bundle::kPolicy, folder / bundle::kModels,
                            candidates};
  return load_inputs(load_campaign(folder / bundle::kCampaign, moved), candidates);
}

Dossier replay(const evidence::Files& files, const Claims& claims, const TemporaryFolder& temporary) {
  unpack(files, temporary);
  const fs::path& folder = temporary.path();
  try {
    return judge_snapshot(folder / bundle::kResults, claims.run, load_unpacked(folder, claims.candidates),
                          claims.judged_at);
  } catch (const Error& error) {
    throw complaint_about_bundle(folder, error);
  }
}

const std::string& detail_of(const evidence::Files& files) {
  const auto detail = files.find(bundle::kDetail);
  if (detail == files.end()) throw evidence::broken(bundle::kDetail, "the file is missing");
  return detail->second;
}

// The manifest tells that the database was changed; the database itself tells in which row.
void name_the_row(const evidence::Files& files) {
  const TemporaryFolder folder;
  const fs::path database = folder.write(bundle::kResults, files.at(bundle::kResults));
  const std::int64_t run = claims_in(detail_of(files)).run;
  try {
    check_snapshot(database, run);
  } catch (const Error& error) {
    throw complaint_about_bundle(folder.path(), error);
  }
}

std::optional<std::string> check_files(const evidence::Files& files, const evidence::PublicKey* key) {
  try {
    return evidence::check_bundle(files, kStatements, key);
  } catch (const Error& error) {
    if (error.where() == bundle::kResults && files.contains(bundle::kResults)) name_the_row(files);
    throw;
  }
}

}  // namespace

Verified verify_files(const evidence::Files& files, const evidence::PublicKey* key) {
  const auto key_id = check_files(files, key);
  if (key != nullptr && !key_id)
    throw evidence::broken(evidence::kManifest, "the bundle is unsigned, and a key was to be checked");
  const TemporaryFolder folder;
  const Claims claims = claims_in(detail_of(files));
  Verified verified{replay(files, claims, folder), claims.version, false, {}};
  verified.same_version = claims.version == kVersion && !verified.dossier.of_older_schema;
  verified.dossier.key_id = key_id;
  const evidence::Files rendered = rendered_files(verified.dossier);
  if (verified.same_version) {
    compare_rendered(files, rendered);
  } else {
    verified.other_bounds = compare_verdicts(files, rendered.at(bundle::kReport));
    compare_result(files, rendered.at(bundle::kStatement));
  }
  refuse_strangers(files, input_files(verified.dossier), rendered);
  return verified;
}

Verified verify_bundle(const fs::path& file, const evidence::PublicKey* key) {
  const std::vector<std::uint8_t> bytes = read_file(file, evidence::kArchiveSizeMax, "bundle");
  return verify_files(evidence::read_archive({reinterpret_cast<const char*>(bytes.data()), bytes.size()}),
                      key);
}

}  // namespace tinyhil::campaign
