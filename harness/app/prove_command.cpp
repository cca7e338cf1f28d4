// SPDX-License-Identifier: Apache-2.0
// Rule by fault: what the gate notices of faults planted into stored results. The store is only read.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "campaign/prove.hpp"
#include "publish.hpp"

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;

bool holds(const std::vector<std::string>& list, const std::string& one) {
  return std::ranges::find(list, one) != list.end();
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// Of one rule: it caught it, was made to and did not, or has nothing to do with it.
campaign::Notice cell(const campaign::Proofs& proofs, const campaign::Proof& proof, const std::string& rule) {
  if (holds(proof.by, rule)) return campaign::Notice::caught;
  const bool should = proof.notice == campaign::Notice::missed && holds(proof.made, rule);
  return should && !holds(proofs.undecidable, rule) ? campaign::Notice::missed
                                                    : campaign::Notice::not_applicable;
}

char letter(std::size_t rule) { return static_cast<char>(rule < 26 ? 'a' + rule : '+'); }

char mark(campaign::Notice notice) {
  return notice == campaign::Notice::caught ? 'x' : notice == campaign::Notice::missed ? '!' : '.';
}

void print_legend(const campaign::Proofs& proofs) {
  for (std::size_t i = 0; i < proofs.rules.size(); ++i) {
    const bool open = holds(proofs.undecidable, proofs.rules[i]);
    fmt::print("  {}  {}{}\n", letter(i), proofs.rules[i], open ? ", which does not pass as it is" : "");
  }
  fmt::print("\n{:<16}", "");
  for (std::size_t i = 0; i < proofs.rules.size(); ++i) fmt::print("{}", letter(i));
  fmt::print("  fault\n");
}

void print_proof(const campaign::Proofs& proofs, const campaign::Proof& proof) {
  std::string marks;
  for (const std::string& rule : proofs.rules) marks += mark(cell(proofs, proof, rule));
  std::string note = proof.notice == campaign::Notice::not_applicable ? ": " + proof.why : "";
  for (const std::string& by : proof.by) {
    if (!holds(proofs.rules, by)) note += by == campaign::kGateItself ? ", by the gate itself" : ", by " + by;
  }
  fmt::print("{:<16}{}  {}{}\n", campaign::to_string(proof.notice), marks, proof.what, note);
}

void print(const campaign::Proofs& proofs, const RunRecord& run) {
  fmt::print("Faults planted into the results of `{}`, run {} of {}\n\n", proofs.candidate, run.id,
             run.campaign);
  print_legend(proofs);
  for (const campaign::Proof& proof : proofs.proofs) print_proof(proofs, proof);
  fmt::print("\n");
  for (const campaign::Proof& proof : proofs.proofs) {
    if (proof.notice == campaign::Notice::missed)
      fmt::print("MISSED: nobody catches `{}`; made to catch it: {}\n", proof.what,
                 proof.made.empty() ? "the gate itself" : joined(proof.made));
  }
  for (const std::string& rule : proofs.idle)
    fmt::print("IDLE: rule `{}` catches nothing that was planted\n", rule);
}

Json json_of(const campaign::Proofs& proofs, const campaign::Proof& proof) {
  Json rules = Json::object();
  for (const std::string& rule : proofs.rules) rules[rule] = campaign::to_string(cell(proofs, proof, rule));
  return {{"fault", proof.fault},
          {"what", proof.what},
          {"result", campaign::to_string(proof.notice)},
          {"caught_by", proof.by},
          {"made_for", proof.made},
          {"why", proof.why.empty() ? Json(nullptr) : Json(proof.why)},
          {"rules", rules}};
}

void print_json(const campaign::Proofs& proofs, const RunRecord& run) {
  Json faults = Json::array();
  for (const campaign::Proof& proof : proofs.proofs) faults.push_back(json_of(proofs, proof));
  const Json document = {{"campaign", run.campaign},          {"run", run.id},
                         {"candidate", proofs.candidate},     {"rules", proofs.rules},
                         {"not_passing", proofs.undecidable}, {"faults", faults},
                         {"idle_rules", proofs.idle},         {"sound", proofs.is_sound()}};
  fmt::print("{}\n", document.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

ExitCode prove_command(const JudgeOptions& options) {
  campaign::Inputs inputs = load_inputs(options);
  const std::unique_ptr<store::RunStore> store =
      store::open_store(options.store, store::StoreAccess::read_only);
  const RunRecord run = campaign::find_run(*store, options.run, inputs.campaign);
  store->require_intact(run.id);
  const campaign::Proofs proofs =
      campaign::prove(run, campaign::load_facts(*store, run.id), inputs, system_now());
  options.json ? print_json(proofs, run) : print(proofs, run);
  return proofs.is_sound() ? ExitCode::pass : ExitCode::fail;
}

}  // namespace tinyhil::app
