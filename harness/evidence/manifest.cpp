// SPDX-License-Identifier: Apache-2.0
#include "manifest.hpp"

#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "broken.hpp"
#include "evidence/internal/envelope.hpp"

namespace tinyhil::evidence {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "tinyhil-evidence-1";

bool is_listed(const std::string& name) { return name != kManifest && !name.ends_with(kEnvelopeSuffix); }

std::string envelope_name(const std::string& file) {
  return file.substr(0, file.rfind(".json")) + kEnvelopeSuffix;
}

Json entry_of(const std::string& content) {
  return {{"sha256", sha256(content).hex()}, {"bytes", content.size()}};
}

std::string manifest_of(const Files& files, const std::optional<std::string>& key_id) {
  Json list = Json::object();
  for (const auto& [name, content] : files) {
    if (is_listed(name)) list[name] = entry_of(content);
  }
  const Json document = {
      {"format", kFormat}, {"signed_by", key_id ? Json(*key_id) : Json(nullptr)}, {"files", list}};
  return document.dump(1) + "\n";
}

const std::string& file_of(const Files& files, const std::string& name) {
  const auto found = files.find(name);
  if (found == files.end()) throw broken(name, "the file is missing");
  return found->second;
}

Json parsed_manifest(const std::string& text) {
  Json manifest = Json::parse(text, nullptr, false);
  const bool whole = manifest.is_object() && manifest.contains("files") && manifest["files"].is_object() &&
                     manifest.contains("signed_by");
  if (!whole) throw broken(kManifest, "it is no manifest");
  if (!manifest.contains("format") || manifest["format"] != kFormat)
    throw broken(kManifest, std::string("its format is not ") + kFormat);
  return manifest;
}

void check_files(const Files& files, const Json& manifest) {
  const Json& list = manifest["files"];
  for (const auto& [name, entry] : list.items()) {
    if (entry != entry_of(file_of(files, name)))
      throw broken(name, "its content is not what the manifest says (SHA-256 or size)");
  }
  for (const auto& [name, content] : files) {
    if (is_listed(name) && !list.contains(name)) throw broken(name, "the manifest does not know this file");
  }
}

// Which envelopes there have to be: all of them, or none.
std::map<std::string, std::string> envelopes(const std::vector<std::string>& statements) {
  std::map<std::string, std::string> names = {{envelope_name(kManifest), kManifest}};
  for (const std::string& statement : statements) names[envelope_name(statement)] = statement;
  return names;
}

std::string_view type_of(const std::string& file) { return file == kManifest ? kManifestType : kInTotoType; }

void refuse_stray_envelopes(const Files& files, const std::map<std::string, std::string>& expected) {
  for (const auto& [name, content] : files) {
    if (name.ends_with(kEnvelopeSuffix) && !expected.contains(name))
      throw broken(name, "there is no place for this envelope");
  }
}

}  // namespace

void finish_bundle(Files& files, const std::vector<std::string>& statements, const SigningKey* key) {
  const auto key_id = key == nullptr ? std::nullopt : std::optional(key->public_key().id());
  files[kManifest] = manifest_of(files, key_id);
  if (key == nullptr) return;
  for (const auto& [name, file] : envelopes(statements))
    files[name] = seal({type_of(file), files.at(file)}, *key);
}

std::optional<std::string> check_bundle(const Files& files, const std::vector<std::string>& statements,
                                        const PublicKey* key) {
  const std::string& text = file_of(files, kManifest);
  const Json manifest = parsed_manifest(text);
  const bool is_signed = manifest["signed_by"].is_string();
  std::optional<std::string> key_id =
      is_signed ? std::optional(manifest["signed_by"].get<std::string>()) : std::nullopt;
  check_files(files, manifest);
  if (manifest_of(files, key_id) != text) throw broken(kManifest, "it is not written as tinyhil writes it");
  const auto expected = is_signed ? envelopes(statements) : std::map<std::string, std::string>();
  refuse_stray_envelopes(files, expected);
  for (const auto& [name, file] : expected) {
    const Payload payload{type_of(file), file_of(files, file)};
    const Envelope envelope(name, file_of(files, name), payload, *key_id);
    if (key != nullptr) envelope.require_signature_of(*key);
  }
  return key_id;
}

}  // namespace tinyhil::evidence
