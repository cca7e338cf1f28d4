// SPDX-License-Identifier: Apache-2.0
#include "offer.hpp"

#include <fmt/format.h>

#include "base/visible.hpp"
#include "report/not_shown.hpp"
#include "report/run_json.hpp"

namespace tinyhil::campaign {
namespace {

using Json = nlohmann::ordered_json;

Json hex(const Digest& digest) { return digest == Digest{} ? Json(nullptr) : Json(digest.hex()); }

Json model_of(const Dossier& dossier, const std::string& name) {
  return {{"name", name}, {"digest", hex(dossier.inputs.campaign.model(name).digest)}};
}

Json boards_of(const gate::Offer& offer) {
  Json boards = Json::array();
  for (const BoardIdentity& board : offer.boards) {
    boards.push_back({{"name", board.name},
                      {"kind", board.kind},
                      {"serial", board.serial},
                      {"provenance", to_string(board.provenance)},
                      {"image", hex(board.image)}});
  }
  return boards;
}

Json earlier_of(const RunRecord& run) {
  Json list = Json::array();
  for (const ModelOfRun& model : run.models) {
    if (model.is_candidate)
      list.push_back({{"candidate", model.name}, {"runs", model.earlier}, {"ended", model.earlier_ended}});
  }
  return list;
}

void print_line(const char* what, const std::string& value) { fmt::print("{:<13} {}\n", what, value); }

}  // namespace

gate::Offer offer_of(const Dossier& dossier, const std::string& version,
                     const std::optional<std::string>& key) {
  const Campaign& campaign = dossier.inputs.campaign;
  gate::Offer offer{dossier.inputs.policy,
                    dossier.judgement.run,
                    dossier.judgement.verdicts,
                    campaign.model(campaign.baseline).digest,
                    dossier.inputs.vectors.digest,
                    {},
                    dossier.judgement.boards,
                    {},
                    {},
                    version};
  for (const std::string& name : campaign.candidates) offer.candidates.push_back(campaign.model(name).digest);
  for (const BoardEnergyFigures& board : dossier.judgement.energies)
    if (board.meter.simulated) offer.simulated_meters.push_back(board.board);
  if (key) offer.key = Digest::from_hex(*key);
  return offer;
}

Json values_of(const Dossier& dossier, const gate::Offer& offer) {
  const Campaign& campaign = dossier.inputs.campaign;
  const RunRecord& run = offer.run;
  Json candidates = Json::array();
  for (const std::string& name : campaign.candidates) candidates.push_back(model_of(dossier, name));
  return {{"campaign", campaign.name},
          {"policy",
           {{"name", offer.policy.name},
            {"digest", hex(offer.policy.digest)},
            {"of_the_run", hex(run.policy_digest)}}},
          {"baseline", model_of(dossier, campaign.baseline)},
          {"candidates", candidates},
          {"vectors", {{"digest", hex(offer.vectors)}, {"count", dossier.inputs.vectors.count}}},
          {"boards", boards_of(offer)},
          {"run", {{"id", run.id}, {"started_at", run.started_at}, {"tinyhil", run.version}}},
          {"order",
           {{"sampling", run.sampling ? Json(to_text(*run.sampling)) : Json(nullptr)},
            {"seed", run.sampling ? Json(std::to_string(run.order_seed)) : Json(nullptr)},
            {"origin", run.sampling ? Json(to_string(run.seed_origin)) : Json(nullptr)}}},
          {"earlier_runs", earlier_of(run)},
          {"failed_attempts", report::failed_attempts_of(run)}};
}

void print_values(const Dossier& dossier, const gate::Offer& offer) {
  const Campaign& campaign = dossier.inputs.campaign;
  const RunRecord& run = offer.run;
  print_line("baseline", campaign.baseline + " " + offer.baseline.hex());
  print_line("vectors", std::to_string(dossier.inputs.vectors.count) + ", " + offer.vectors.hex());
  for (const BoardIdentity& board : offer.boards) {
    print_line("board",
               fmt::format("{}, {}, serial {}, {}", board.name, board.kind,
                           board.serial.empty() ? "not known" : board.serial, to_string(board.provenance)));
  }
  if (run.sampling) print_line("order", report::order_of(run));
  for (const std::string& line : report::earlier_runs_of(dossier.judgement.report(dossier.inputs.vectors)))
    print_line("counted", line);
  for (const std::string& line : report::retries_of(dossier.judgement.report(dossier.inputs.vectors)))
    print_line("retried", visible_line(line));
}

void print_refusals(const gate::Acceptance& acceptance, const std::vector<gate::Refusal>& refusals) {
  for (const gate::Refusal& one : refusals) fmt::print("{:<13} {}: {}\n", "REFUSED", one.key, one.reason);
  if (refusals.empty())
    fmt::print("{:<13} by {} ({})\n", "accepted", acceptance.name, acceptance.file.string());
}

Json json_of(const std::vector<gate::Refusal>& refusals) {
  Json list = Json::array();
  for (const gate::Refusal& one : refusals) list.push_back({{"key", one.key}, {"reason", one.reason}});
  return list;
}

}  // namespace tinyhil::campaign
