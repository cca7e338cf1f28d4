// SPDX-License-Identifier: Apache-2.0
// accept.yaml -> Acceptance.
#include <stdexcept>

#include "acceptance.hpp"
#include "gate/internal/version_order.hpp"

namespace tinyhil::gate {
namespace {

Digest parse_digest(const Section& section, std::string_view key, const std::string& text) {
  try {
    return Digest::from_hex(text);
  } catch (const std::invalid_argument&) {
    section.fail_at(key, "`" + text + "` is no SHA-256",
                    "write its 64 hexadecimal digits, as `tinyhil verify BUNDLE --json` has them");
  }
}

std::vector<Digest> read_digests(const Section& section, std::string_view key) {
  std::vector<Digest> digests;
  for (const std::string& text : section.texts(key)) digests.push_back(parse_digest(section, key, text));
  if (section.has(key) && digests.empty())
    section.fail_at(key, "the list is empty", "name at least one, or remove the key");
  return digests;
}

std::vector<Digest> need_digests(const Section& section, std::string_view key) {
  if (!section.has(key)) {
    section.fail("`" + std::string(key) + "` is missing: whoever makes the bundle could choose it",
                 "pin it; `tinyhil verify BUNDLE --json` names the values of a bundle that you trust");
  }
  return read_digests(section, key);
}

std::vector<Provenance> read_provenance(const Section& section) {
  std::vector<Provenance> list;
  for (const std::string& word : section.texts("provenance")) {
    if (word != "real" && word != "emulated" && word != "process")
      section.fail_at("provenance", "`" + word + "` is no provenance", "write real, emulated or process");
    list.push_back(word == "real"       ? Provenance::real
                   : word == "emulated" ? Provenance::emulated
                                        : Provenance::process);
  }
  if (list.empty()) section.fail("`provenance` is missing", "write `provenance: real` for boards of silicon");
  return list;
}

void read_policy(const Section& section, Acceptance& acceptance) {
  if (section.has("policy")) acceptance.policy = parse_digest(section, "policy", section.text("policy"));
  if (section.has("not_looser_than"))
    acceptance.not_looser_than = load_policy(section.path("not_looser_than"));
  if (acceptance.policy.has_value() == acceptance.not_looser_than.has_value()) {
    section.fail("the policy has to be pinned, in one way",
                 "write `policy: <SHA-256>`, or `not_looser_than: gate.yaml` with a file of your own");
  }
}

std::vector<std::string> read_names(const Section& section, std::string_view key) {
  std::vector<std::string> names = section.texts(key);
  if (section.has(key) && names.empty())
    section.fail_at(key, "the list is empty", "name at least one, or remove the key");
  return names;
}

std::optional<std::string> read_version(const Section& section, std::string_view key) {
  if (!section.has(key)) return std::nullopt;
  std::string text = section.text(key);
  if (!parse_version(text))
    section.fail_at(key, "`" + text + "` is no version", "write for example \"0.3.1\"");
  return text;
}

}  // namespace

Acceptance load_acceptance(const std::filesystem::path& file) {
  const Section section = Section::load(file);
  Acceptance acceptance;
  acceptance.file = file;
  acceptance.name = section.text("accept");
  read_policy(section, acceptance);
  acceptance.baselines = need_digests(section, "baseline");
  acceptance.vectors = need_digests(section, "vectors");
  acceptance.keys = need_digests(section, "keys");
  acceptance.provenance = read_provenance(section);
  acceptance.candidates = read_digests(section, "candidate");
  acceptance.images = read_digests(section, "images");
  acceptance.kinds = read_names(section, "kinds");
  acceptance.serials = read_names(section, "serials");
  acceptance.version_at_least = read_version(section, "tinyhil_at_least");
  acceptance.version_exactly = read_version(section, "tinyhil_exactly");
  acceptance.max_age = section.optional_duration("max_age");
  if (section.has("max_earlier_runs"))
    acceptance.max_earlier_runs =
        static_cast<std::uint64_t>(section.integer("max_earlier_runs", 0, 1'000'000));
  acceptance.takes_waivers = section.choice("waivers", {"refused", "taken"}, "refused") == "taken";
  acceptance.takes_chosen_seeds = section.choice("seed", {"drawn", "any"}, "any") == "any";
  section.finish();
  return acceptance;
}

}  // namespace tinyhil::gate
