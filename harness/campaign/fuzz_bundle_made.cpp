// SPDX-License-Identifier: Apache-2.0
#include "fuzz_bundle_made.hpp"

#include "base/file_content.hpp"
#include "base/temporary_folder.hpp"
#include "dossier.hpp"
#include "model/inference_rows.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "testing/npz_builder.hpp"
#include "version.hpp"

namespace tinyhil::campaign {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kVectors = 64;
constexpr std::uint16_t kRepeats = 2;

constexpr const char* kCampaignText =
    "campaign: small\nvectors: vectors.npz\nrepeats: 2\n"
    "models:\n  old: {file: models/old.tflite, golden: golden_old}\n  new: {file: models/new.tflite}\n"
    "baseline: old\ncandidates: [new]\ngate: gate.yaml\n";
constexpr const char* kPolicyText =
    "policy: small\nalpha: 5 %\nrules:\n"
    "  - {id: accuracy, test: noninferiority, margin: 20 %}\n"
    "  - {id: slice, test: worst_slice, over: kind, margin: 40 %, min_n: 10}\n"
    "  - {id: latency, test: latency_quantile, quantile: 0.5, limit: 250 ms, growth: 50 %}\n"
    "  - {id: arena, test: memory, metric: arena_used, limit: 32 KiB}\n"
    "  - {id: golden, test: golden, max_lsb: 1, allow_fraction: 50 %}\n"
    "  - {id: no-faults, test: no_faults}\n";

std::int8_t label_of(std::uint32_t vector) { return static_cast<std::int8_t>(vector % 2); }

std::vector<std::int8_t> scores_of(std::uint32_t vector, std::uint32_t wrong_below) {
  const bool first = (label_of(vector) == 0) != (vector < wrong_below);
  return first ? std::vector<std::int8_t>{100, -100} : std::vector<std::int8_t>{-100, 100};
}

std::string vectors_file() {
  std::vector<std::int8_t> inputs, labels, kinds, golden;
  for (std::uint32_t vector = 0; vector < kVectors; ++vector) {
    for (std::uint32_t i = 0; i < 4; ++i) inputs.push_back(static_cast<std::int8_t>(vector * (i + 1)));
    labels.push_back(label_of(vector));
    kinds.push_back(static_cast<std::int8_t>(vector / 32));
    for (const std::int8_t score : scores_of(vector, 2)) golden.push_back(score);
  }
  const auto file = test::npz({{"inputs", test::npy("|i1", "(64, 4)", test::raw(inputs))},
                               {"labels", test::npy("|i1", "(64,)", test::raw(labels))},
                               {"classes", test::npy("|S3", "(2,)", "no yes")},
                               {"slice_kind", test::npy("|i1", "(64,)", test::raw(kinds))},
                               {"slice_kind_names", test::npy("|S1", "(2,)", "ab")},
                               {"golden_old", test::npy("|i1", "(64, 2)", test::raw(golden))}});
  return {file.begin(), file.end()};
}

InferenceRows rows_of(std::uint32_t first, std::uint32_t end, std::uint32_t wrong_below) {
  InferenceRows rows;
  rows.output_size = 2;
  for (std::uint32_t vector = first; vector < end; ++vector) {
    for (std::uint16_t repeat = 0; repeat < kRepeats; ++repeat) {
      rows.vector.push_back(vector);
      rows.repeat.push_back(repeat);
      rows.status.push_back(0);
      rows.clock.push_back(1000 + vector % 7);
      rows.timer.push_back(1000 + vector % 7);
      for (const std::int8_t score : scores_of(vector, wrong_below))
        rows.outputs.push_back(static_cast<std::uint8_t>(score));
    }
  }
  return rows;
}

TrialInfo info_of(const ModelFile& model, const VectorSet& vectors) {
  TrialInfo info;
  info.model = model.name;
  info.model_digest = model.digest;
  info.model_size = model.content.size();
  info.vectors_digest = vectors.digest;
  info.vector_count = vectors.count;
  info.repeats = kRepeats;
  info.board = {"b1",    "host",    "1",       "reference", "1", Provenance::process, sha256("image"),
                "clock", 1'000'000, 1'000'000, 1000,        1000};
  info.arena_used = 2000;
  info.input = Tensor{DType::int8, 2, {1, 4, 1, 1}, 0.5F, 0};
  info.output = Tensor{DType::int8, 2, {1, 2, 1, 1}, 0.5F, 0};
  return info;
}

void add_trial(store::RunStore& store, std::int64_t run, const TrialInfo& info, std::uint32_t wrong_below) {
  const std::int64_t trial = store.begin_trial(run, info);
  store.append(trial, rows_of(0, 40, wrong_below));
  store.add_fault(trial,
                  {{FaultKind::corrupt, "noise", "0xff", "look at the cable"}, VectorNumber{3}, false});
  store.append(trial, rows_of(40, kVectors, wrong_below));
  store.end_trial(trial, {});
}

std::int64_t store_run(const Inputs& inputs, const fs::path& file) {
  store::SqliteStore store = store::SqliteStore::open(file, store::StoreAccess::read_write);
  RunRecord run;
  run.campaign = inputs.campaign.name;
  run.campaign_file = "campaign.yaml";
  run.campaign_digest = inputs.campaign.digest;
  run.bench = "desk";
  run.policy_digest = inputs.policy.digest;
  run.started_at = "2026-01-01T00:00:00Z";
  run.version = kVersion;
  const std::int64_t id = store.begin_run(run);
  for (const ModelFile& model : inputs.campaign.models)
    add_trial(store, id, info_of(model, inputs.vectors), model.name == "old" ? 2 : 3);
  TrialInfo control = info_of(inputs.campaign.model("old"), inputs.vectors);
  control.role = TrialRole::control;
  add_trial(store, id, control, 2);
  store.end_run(id);
  return id;
}

std::string model_file(const char* name) {
  const auto content =
      read_file(fs::path(TINYHIL_SOURCE_DIR) / "scenarios/wake_word/models" / name, 1 << 20, "model file");
  return {content.begin(), content.end()};
}

}  // namespace

evidence::Files small_bundle() {
  const TemporaryFolder folder;
  folder.write("gate.yaml", kPolicyText);
  folder.write("vectors.npz", vectors_file());
  folder.write("models/old.tflite", model_file("shipped.tflite"));
  folder.write("models/new.tflite", model_file("slim.tflite"));
  Inputs inputs = load_inputs(load_campaign(folder.write("campaign.yaml", kCampaignText)), {});
  const std::int64_t run = store_run(inputs, folder.path() / "store.db");
  const fs::path snapshot = folder.path() / "snapshot.db";
  store::SqliteStore::open(folder.path() / "store.db", store::StoreAccess::read_only).snapshot(run, snapshot);
  const Dossier dossier =
      judge_snapshot(snapshot, run, std::move(inputs), *parse_moment("2026-01-02T00:00:00Z"));
  evidence::Files files = rendered_files(dossier);
  files.merge(input_files(dossier));
  return files;
}

}  // namespace tinyhil::campaign
