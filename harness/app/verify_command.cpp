// SPDX-License-Identifier: Apache-2.0
// Is this evidence what it says? Offline, from the bundle alone.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "verify_dossier.hpp"

namespace tinyhil {

namespace {

using Json = nlohmann::ordered_json;

ExitCode exit_code_of(const Verified& verified, const VerifyOptions& options) {
  if (!options.key && !options.allow_unsigned) return ExitCode::inconclusive;
  return options.require_pass ? verified.dossier.judgement.exit_code() : ExitCode::pass;
}

std::string origin_of(const Verified& verified, const VerifyOptions& options) {
  const auto& key_id = verified.dossier.key_id;
  if (!key_id) return "UNSIGNED: whole in itself, but nothing proves who made it";
  if (!options.key) return "NOT CHECKED: signed by key " + *key_id + "; name its public key with --key";
  return "by key " + *key_id;
}

void print_genuine(const Verified& verified, const VerifyOptions& options) {
  const Dossier& dossier = verified.dossier;
  fmt::print("{:<13} every file, row and verdict is what the stored results give\n", "replayed");
  if (!verified.same_version)
    fmt::print("{:<13} made by tinyhil {}: its pages were not rendered again\n", "note", verified.version);
  fmt::print("{:<13} {}\n", "signature", origin_of(verified, options));
  fmt::print("{:<13} {} run {}, judged {}\n", "campaign", dossier.judgement.run.campaign,
             dossier.judgement.run.id, to_text(dossier.judged_at));
  for (const Verdict& verdict : dossier.judgement.verdicts) {
    fmt::print("{:<13} {} against {}\n              {}\n", to_string(verdict.outcome), verdict.candidate,
               verdict.baseline, verdict.reason);
  }
}

void print_json(const Json& document) {
  fmt::print("{}\n", document.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json document_of(const Verified& verified, const VerifyOptions& options) {
  Json verdicts = Json::array();
  for (const Verdict& verdict : verified.dossier.judgement.verdicts) {
    verdicts.push_back({{"candidate", verdict.candidate},
                        {"baseline", verdict.baseline},
                        {"outcome", to_string(verdict.outcome)},
                        {"reason", verdict.reason}});
  }
  const auto& key_id = verified.dossier.key_id;
  return {{"genuine", true},
          {"where", nullptr},
          {"what", nullptr},
          {"signed_by", key_id ? Json(*key_id) : Json(nullptr)},
          {"signature_checked", options.key.has_value()},
          {"judged_at", to_text(verified.dossier.judged_at)},
          {"tinyhil", verified.version},
          {"verdicts", verdicts}};
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
  std::optional<PublicKey> key;
  if (options.key) key = PublicKey::load(*options.key);
  try {
    const Verified verified = verify_bundle(options.bundle, key ? &*key : nullptr);
    options.json ? print_json(document_of(verified, options)) : print_genuine(verified, options);
    return exit_code_of(verified, options);
  } catch (const Error& error) {
    if (error.code() != ExitCode::fail) throw;
    return report_broken(error, options);
  }
}

}  // namespace tinyhil
