// SPDX-License-Identifier: Apache-2.0
// One run's evidence as one file.
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

#include "clock.hpp"
#include "dossier.hpp"
#include "evidence/manifest.hpp"
#include "publish.hpp"
#include "temporary_folder.hpp"

namespace tinyhil {

namespace {

// SOURCE_DATE_EPOCH, as reproducible builds use it: the same inputs then give the same bundle.
Moment date_of_judgement() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr) return system_now();
  std::int64_t seconds = 0;
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, seconds);
  constexpr std::int64_t kYear10000 = 253'402'300'800;
  if (error == std::errc() && stop == end && seconds >= 0 && seconds < kYear10000)
    return Moment(std::chrono::seconds(seconds));
  throw Error(ExitCode::usage, "SOURCE_DATE_EPOCH is no number of seconds", text,
              "write the seconds since 1970, or unset it");
}

std::int64_t choose_run(const Store& store, const BundleOptions& options, const Campaign& campaign) {
  if (options.judge.run) return *options.judge.run;
  if (const auto latest = store.latest_run(campaign.name)) return latest->id;
  throw Error(ExitCode::usage, "the database has no run of campaign `" + campaign.name + "`",
              options.judge.store.string(), "run the campaign first: tinyhil run " + campaign.file.string());
}

// Rows that changed after they were stored are no evidence of anything.
Dossier judge_stored(const std::filesystem::path& snapshot, std::int64_t run, Inputs inputs,
                     const std::filesystem::path& store) {
  try {
    return judge_snapshot(snapshot, run, std::move(inputs), date_of_judgement());
  } catch (const Error& error) {
    if (error.code() != ExitCode::fail) throw;
    throw Error(
        ExitCode::bench_fault,
        "run " + std::to_string(run) + " is not what was measured: " + error.where() + ": " + error.what(),
        store.string(), "restore a copy of the database, or run the campaign again");
  }
}

Dossier make_dossier(const BundleOptions& options, const TemporaryFolder& folder) {
  Inputs inputs = load_inputs(options.judge);
  const std::filesystem::path snapshot = folder.path() / bundle::kResults;
  const Store store = Store::open(options.judge.store, Store::Access::read_only);
  const std::int64_t run = choose_run(store, options, inputs.campaign);
  store.snapshot(run, snapshot);
  return judge_stored(snapshot, run, std::move(inputs), options.judge.store);
}

void print_summary(const Dossier& dossier, const std::filesystem::path& out) {
  for (const Verdict& verdict : dossier.judgement.verdicts) {
    fmt::print("{:<13} {} against {}\n              {}\n", to_string(verdict.outcome), verdict.candidate,
               verdict.baseline, verdict.reason);
  }
  fmt::print("{:<13} {}\n", "evidence", out.string());
  fmt::print("{:<13} {}\n", dossier.key_id ? "signed" : "unsigned",
             dossier.key_id ? "key " + *dossier.key_id : "nothing proves who made it; sign with --key");
}

}  // namespace

ExitCode bundle_command(const BundleOptions& options) {
  std::optional<SigningKey> key;
  if (options.key) key = SigningKey::load(*options.key);
  const TemporaryFolder folder;
  Dossier dossier = make_dossier(options, folder);
  if (key) dossier.key_id = key->public_key().id();
  Files files = rendered_files(dossier);
  files.merge(input_files(dossier));
  finish_bundle(files, kStatements, key ? &*key : nullptr);
  const auto out =
      options.out.value_or(report_folder(options.judge, dossier.inputs.campaign) / "evidence.tar");
  write_whole_file(out, write_archive(files));
  print_summary(dossier, out);
  return ExitCode::pass;
}

}  // namespace tinyhil
