// SPDX-License-Identifier: Apache-2.0
#include "oidc_policy.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "daemon/selector.hpp"
#include "daemon/service/internal/signed_token.hpp"
#include "formats/section.hpp"

namespace tinyhil::daemon {

namespace {

using nlohmann::json;

constexpr std::size_t kKeysFileMost = 1024UL * 1024;
constexpr std::size_t kIssuersMost = 50;
constexpr std::size_t kRulesMost = 500;
constexpr std::size_t kOwnerNameMost = 200;

OidcRule read_rule(const Section& section) {
  OidcRule rule;
  const Section claims = section.section("claims");
  for (const auto& [claim, shown] : claims.entries()) rule.claims[claim] = claims.text(claim);
  if (rule.claims.empty())
    section.fail_at("claims", "a rule without claims takes every token of the issuer", "name the repository");
  rule.name = section.text("name");
  const std::string role = section.choice("role", {"viewer", "runner", "user", "admin"}, "user");
  rule.role = role == "admin"    ? Role::admin
              : role == "user"   ? Role::user
              : role == "runner" ? Role::runner
                                 : Role::viewer;
  rule.boards = section.text("boards", "");
  Selector::parse(rule.boards);
  section.finish();
  return rule;
}

OidcIssuer read_issuer(const Section& section) {
  OidcIssuer issuer;
  issuer.issuer = section.text("issuer");
  issuer.audience = section.text("audience");
  issuer.keys_file = section.folder() / section.text("keys");
  for (const Section& rule : section.sections("rules")) issuer.rules.push_back(read_rule(rule));
  if (issuer.rules.empty() || issuer.rules.size() > kRulesMost)
    section.fail_at("rules", "an issuer has 1 to 500 rules", "say whose tokens are taken");
  section.finish();
  issuer.read_keys();
  return issuer;
}

// A star stands for any part, also an empty one. No pattern takes longer than its length times the text's.
bool fits(std::string_view pattern, std::string_view text) {
  std::size_t at = 0, in_pattern = 0, star = std::string_view::npos, retry = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      retry = at;
    } else if (in_pattern < pattern.size() && pattern[in_pattern] == text[at]) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

std::optional<std::string> text_of(const json& claims, const std::string& name) {
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

bool takes(const OidcRule& rule, const json& claims) {
  return std::all_of(rule.claims.begin(), rule.claims.end(), [&](const auto& wanted) {
    const std::optional<std::string> text = text_of(claims, wanted.first);
    return text && fits(wanted.second, *text);
  });
}

// Nothing: a claim that the name needs is missing, or it is no name.
std::optional<std::string> name_for(const OidcRule& rule, const json& claims) {
  std::string name;
  std::string_view left = rule.name;
  while (!left.empty()) {
    const std::size_t open = std::min(left.find('{'), left.size());
    name += left.substr(0, open);
    left.remove_prefix(open);
    const std::size_t close = left.find('}');
    if (left.empty() || close == std::string_view::npos) break;
    const std::optional<std::string> text = text_of(claims, std::string(left.substr(1, close - 1)));
    if (!text) return std::nullopt;
    name += *text;
    left.remove_prefix(close + 1);
  }
  const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
  return is_plain && !name.empty() && name.size() <= kOwnerNameMost ? std::optional(name) : std::nullopt;
}

Bearer refused_because(std::string why) { return {std::nullopt, std::move(why)}; }

Bearer bearer_by(const OidcIssuer& issuer, const json& claims) {
  for (const OidcRule& rule : issuer.rules) {
    if (!takes(rule, claims)) continue;
    const std::optional<std::string> name = name_for(rule, claims);
    if (!name) return refused_because("the token lacks a claim that its caller is named by");
    return {Caller{*name, rule.role, rule.boards}, ""};
  }
  return refused_because("no rule of the daemon takes this token: another repository or branch?");
}

}  // namespace

void OidcIssuer::read_keys() {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(keys_file, error);
  const std::vector<std::uint8_t> content = read_file(keys_file, kKeysFileMost, "set of keys");
  keys_ = JwkSet(std::string_view(reinterpret_cast<const char*>(content.data()), content.size()),
                 keys_file.string());
  keys_of_ = written;
}

const SigningKeyOfIssuer* OidcIssuer::key(const std::string& key_id) {
  const SigningKeyOfIssuer* found = keys_.find(key_id);
  std::error_code error;
  if (found != nullptr || std::filesystem::last_write_time(keys_file, error) == keys_of_ || error)
    return found;
  try {
    read_keys();
  } catch (const Error&) {  // it is being written: the keys that there are hold
    return nullptr;
  }
  return keys_.find(key_id);
}

OidcPolicy::OidcPolicy(const std::filesystem::path& file) {
  const Section section = Section::load(file);
  for (const Section& issuer : section.sections("issuers")) issuers_.push_back(read_issuer(issuer));
  section.finish();
  if (issuers_.empty() || issuers_.size() > kIssuersMost)
    section.fail_at("issuers", "there are 1 to 50 issuers", "name whom to trust, or leave the file out");
}

Bearer OidcPolicy::bearer(std::string_view token, std::chrono::system_clock::time_point now) {
  const std::optional<UntrustedToken> said = read_untrusted(token);
  if (!said) return {};
  const auto issuer = std::find_if(issuers_.begin(), issuers_.end(),
                                   [&](const OidcIssuer& known) { return known.issuer == said->issuer; });
  if (issuer == issuers_.end()) return refused_because("the token's issuer is not trusted here");
  const SigningKeyOfIssuer* key = issuer->key(said->key_id);
  if (key == nullptr)
    return refused_because("the token is signed with a key that the issuer is not known to have");
  const std::optional<json> claims = verified_claims(token, *key);
  if (!claims) return refused_because("the token's signature is not the issuer's");
  if (const std::string mistake = time_mistake(*claims, now); !mistake.empty())
    return refused_because(mistake);
  if (!is_for(*claims, issuer->audience)) return refused_because("the token is for another audience");
  return bearer_by(*issuer, *claims);
}

}  // namespace tinyhil::daemon
