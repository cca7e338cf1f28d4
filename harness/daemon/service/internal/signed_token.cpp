// SPDX-License-Identifier: Apache-2.0
#include "signed_token.hpp"

#include <jwt.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

namespace tinyhil::daemon {

namespace {

using nlohmann::json;

constexpr std::size_t kTokenMost = 16UL * 1024;
constexpr std::int64_t kClocksApartS = 60;

struct FreeToken {
  void operator()(jwt_t* token) const { ::jwt_free(token); }
};
struct FreeText {
  void operator()(char* text) const { std::free(text); }
};
using ParsedToken = std::unique_ptr<jwt_t, FreeToken>;
using LibraryText = std::unique_ptr<char, FreeText>;

ParsedToken decoded(std::string_view text, const std::string& key) {
  if (text.size() > kTokenMost || text.find('\0') != std::string_view::npos) return nullptr;
  jwt_t* token = nullptr;
  const auto* bytes = key.empty() ? nullptr : reinterpret_cast<const unsigned char*>(key.data());
  const int failure = ::jwt_decode(&token, std::string(text).c_str(), bytes, static_cast<int>(key.size()));
  return failure == 0 ? ParsedToken(token) : nullptr;
}

const char* algorithm_of(jwt_t& token) {
  const jwt_alg_t algorithm = ::jwt_get_alg(&token);
  return algorithm == JWT_ALG_RS256 ? "RS256" : algorithm == JWT_ALG_ES256 ? "ES256" : "";
}

std::string text_of(const char* text) { return text == nullptr ? "" : text; }

}  // namespace

std::optional<UntrustedToken> read_untrusted(std::string_view text) {
  const ParsedToken token = decoded(text, "");
  const std::string algorithm = token ? text_of(::jwt_get_header(token.get(), "alg")) : "";
  if (algorithm != "RS256" && algorithm != "ES256") return std::nullopt;
  const LibraryText critical(::jwt_get_headers_json(token.get(), "crit"));
  if (critical) return std::nullopt;
  return UntrustedToken{text_of(::jwt_get_grant(token.get(), "iss")),
                        text_of(::jwt_get_header(token.get(), "kid"))};
}

std::optional<json> verified_claims(std::string_view text, const SigningKeyOfIssuer& key) {
  const ParsedToken token = decoded(text, key.pem);
  if (!token || key.algorithm != algorithm_of(*token)) return std::nullopt;
  const LibraryText claims(::jwt_get_grants_json(token.get(), nullptr));
  const json parsed = claims ? json::parse(claims.get(), nullptr, false) : json();
  return parsed.is_object() ? std::optional(parsed) : std::nullopt;
}

std::string time_mistake(const json& claims, std::chrono::system_clock::time_point now) {
  const std::int64_t now_s = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const auto end = claims.find("exp");
  if (end == claims.end() || !end->is_number()) return "the token does not say when it is over";
  if (end->get<double>() + kClocksApartS <= static_cast<double>(now_s)) return "the token is over";
  for (const char* name : {"nbf", "iat"}) {
    const auto begin = claims.find(name);
    if (begin == claims.end()) continue;
    const bool has_begun =
        begin->is_number() && begin->get<double>() - kClocksApartS <= static_cast<double>(now_s);
    if (!has_begun) return "the token does not hold yet: compare the clocks";
  }
  return "";
}

bool is_for(const json& claims, const std::string& audience) {
  const auto found = claims.find("aud");
  if (found == claims.end()) return false;
  if (found->is_string()) return *found == audience;
  return found->is_array() && std::find(found->begin(), found->end(), json(audience)) != found->end();
}

}  // namespace tinyhil::daemon
