// SPDX-License-Identifier: Apache-2.0
// Is this evidence what it says? Offline, from the bundle alone.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/file_content.hpp"
#include "campaign/offer.hpp"
#include "campaign/verify_dossier.hpp"
#include "campaign/version.hpp"
#include "commands.hpp"

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPolicySizeMax = 1u << 20;

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// A file of such a name is meant as a file: `./0123...`.
std::optional<Digest> wanted_policy(const VerifyOptions& options) {
  if (!options.policy) return std::nullopt;
  if (is_digest(*options.policy)) return Digest::from_hex(*options.policy);
  return sha256(read_file(*options.policy, kPolicySizeMax, "gate file"));
}

bool is_policy_wanted(const campaign::Verified& verified, const std::optional<Digest>& wanted) {
  return !wanted || verified.dossier.judgement.policy == *wanted;
}

// What was decided about a genuine bundle.
struct Decision {
  std::optional<Digest> policy;  // asked for by --policy
  std::optional<gate::Acceptance> acceptance;
  std::vector<gate::Refusal> refusals;
};

ExitCode exit_code_of(const campaign::Verified& verified, const VerifyOptions& options,
                      const Decision& decision) {
  if (!is_policy_wanted(verified, decision.policy) || !decision.refusals.empty()) return ExitCode::fail;
  if (!options.key && !options.allow_unsigned) return ExitCode::inconclusive;
  if (!verified.same_version && !options.verdicts_only) return ExitCode::inconclusive;
  if (verified.other_bounds) return ExitCode::inconclusive;
  return options.require_pass || options.accept ? exit_code(verified.dossier.judgement.verdicts)
                                                : ExitCode::pass;
}

std::string origin_of(const campaign::Verified& verified, const VerifyOptions& options) {
  const auto& key_id = verified.dossier.key_id;
  if (!key_id) return "UNSIGNED: whole in itself, but nothing proves who made it";
  if (!options.key) return "NOT CHECKED: signed by key " + *key_id + "; name its public key with --key";
  return "by key " + *key_id;
}

void print_replayed(const campaign::Verified& verified) {
  if (verified.same_version) {
    fmt::print("{:<13} every file, row and verdict is what the stored results give\n", "replayed");
    return;
  }
  const char* older = verified.version == campaign::kVersion ? "an older build of " : "";
  fmt::print("{:<13} every row and verdict is what the stored results give\n", "replayed");
  fmt::print("{:<13} NOT VERIFIED: {}tinyhil {} made them, and this is {}; verify with that version\n",
             "pages", older, verified.version, campaign::kVersion);
  if (!verified.other_bounds) return;
  fmt::print("{:<13} NOT VERIFIED: other formulas gave them, first {}; verify with that version\n", "bounds",
             *verified.other_bounds);
}

void print_genuine(const campaign::Verified& verified, const VerifyOptions& options, const gate::Offer& offer,
                   const Decision& decision) {
  const campaign::Dossier& dossier = verified.dossier;
  print_replayed(verified);
  fmt::print("{:<13} {}\n", "signature", origin_of(verified, options));
  fmt::print("{:<13} {} run {}, judged {}\n", "campaign", dossier.judgement.run.campaign,
             dossier.judgement.run.id, to_text(dossier.judged_at));
  fmt::print("{:<13} {}\n", "policy", dossier.judgement.policy_words());
  if (!is_policy_wanted(verified, decision.policy)) {
    fmt::print("{:<13} judged by another policy than the one asked for, {}\n", "NOT ACCEPTED",
               decision.policy->hex());
  }
  for (const Verdict& verdict : dossier.judgement.verdicts) {
    fmt::print("{:<13} {} against {}\n              {}\n", to_string(verdict.outcome), verdict.candidate,
               verdict.baseline, verdict.reason);
  }
  campaign::print_values(dossier, offer);
  if (decision.acceptance) campaign::print_refusals(*decision.acceptance, decision.refusals);
}

void print_json(const Json& document) {
  fmt::print("{}\n", document.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json document_of(const campaign::Verified& verified, const VerifyOptions& options, const gate::Offer& offer,
                 const Decision& decision) {
  Json verdicts = Json::array();
  for (const Verdict& verdict : verified.dossier.judgement.verdicts) {
    verdicts.push_back({{"candidate", verdict.candidate},
                        {"baseline", verdict.baseline},
                        {"outcome", to_string(verdict.outcome)},
                        {"reason", verdict.reason}});
  }
  const auto& key_id = verified.dossier.key_id;
  const campaign::Judgement& judgement = verified.dossier.judgement;
  return {{"genuine", true},
          {"where", nullptr},
          {"what", nullptr},
          {"signed_by", key_id ? Json(*key_id) : Json(nullptr)},
          {"signature_checked", options.key.has_value()},
          {"judged_at", to_text(verified.dossier.judged_at)},
          {"tinyhil", verified.version},
          {"pages_verified", verified.same_version},
          {"bounds_verified", !verified.other_bounds},
          {"policy_digest", judgement.policy.hex()},
          {"policy_digest_of_run", judgement.run.policy_digest.hex()},
          {"policy_accepted",
           decision.policy ? Json(is_policy_wanted(verified, decision.policy)) : Json(nullptr)},
          {"verdicts", verdicts},
          {"values", campaign::values_of(verified.dossier, offer)},
          {"accepted", decision.acceptance ? Json(decision.refusals.empty()) : Json(nullptr)},
          {"refusals", campaign::json_of(decision.refusals)}};
}

ExitCode report_broken(const Error& error, const VerifyOptions& options) {
  if (options.json) {
    print_json({{"genuine", false}, {"where", error.where()}, {"what", error.what()}});
  } else {
    fmt::print("{:<13} {}: {}: {}\n", "NOT GENUINE", options.bundle.string(), error.where(), error.what());
  }
  return ExitCode::fail;
}

}  // namespace

ExitCode verify_command(const VerifyOptions& options) {
  Decision decision;
  if (options.accept) decision.acceptance = gate::load_acceptance(*options.accept);
  std::optional<evidence::PublicKey> key;
  if (options.key) key = evidence::PublicKey::load(*options.key);
  decision.policy = wanted_policy(options);
  try {
    const campaign::Verified verified = campaign::verify_bundle(options.bundle, key ? &*key : nullptr);
    const std::optional<std::string> checked = key ? verified.dossier.key_id : std::nullopt;
    const gate::Offer offer = campaign::offer_of(verified.dossier, verified.version, checked);
    if (decision.acceptance) decision.refusals = gate::refusals(*decision.acceptance, offer, system_now());
    options.json ? print_json(document_of(verified, options, offer, decision))
                 : print_genuine(verified, options, offer, decision);
    return exit_code_of(verified, options, decision);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::broken_evidence) throw;
    return report_broken(error, options);
  }
}

}  // namespace tinyhil::app
