// SPDX-License-Identifier: Apache-2.0
// One run's evidence as one file.
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

#include "base/clock.hpp"
#include "base/file_content.hpp"
#include "base/temporary_folder.hpp"
#include "base/write_file.hpp"
#include "campaign/dossier.hpp"
#include "campaign/offer.hpp"
#include "campaign/version.hpp"
#include "evidence/manifest.hpp"
#include "publish.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tinyhil::app {

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
  throw Error(ErrorKind::usage, "SOURCE_DATE_EPOCH is no number of seconds", text,
              "write the seconds since 1970, or unset it");
}

std::int64_t choose_run(const store::RunStore& store, const BundleOptions& options,
                        const Campaign& campaign) {
  if (options.judge.run) return *options.judge.run;
  if (const auto latest = store.latest_run(campaign.name)) return latest->id;
  throw Error(ErrorKind::usage, "the database has no run of campaign `" + campaign.name + "`",
              options.judge.store.string(), "run the campaign first: tinyhil run " + campaign.file.string());
}

// Rows that changed after they were stored are no evidence of anything.
campaign::Dossier judge_stored(const std::filesystem::path& snapshot, std::int64_t run,
                               campaign::Inputs inputs, const std::filesystem::path& store) {
  try {
    return campaign::judge_snapshot(snapshot, run, std::move(inputs), date_of_judgement());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::broken_evidence) throw;
    throw Error(
        ErrorKind::bench_fault,
        "run " + std::to_string(run) + " is not what was measured: " + error.where() + ": " + error.what(),
        store.string(), "restore a copy of the database, or run the campaign again");
  }
}

campaign::Dossier make_dossier(const BundleOptions& options, campaign::Inputs inputs,
                               const TemporaryFolder& folder) {
  const std::filesystem::path snapshot = folder.path() / campaign::bundle::kResults;
  const store::SqliteStore store =
      store::SqliteStore::open(options.judge.store, store::StoreAccess::read_only);
  const std::int64_t run = choose_run(store, options, inputs.campaign);
  store.snapshot(run, snapshot);
  return judge_stored(snapshot, run, std::move(inputs), options.judge.store);
}

bool is_bundle(const std::filesystem::path& file) {
  try {
    const std::vector<std::uint8_t> bytes = read_file(file, evidence::kArchiveSizeMax, "bundle");
    if (bytes.empty()) return true;  // nothing is lost, and some make the file first
    return evidence::read_archive({reinterpret_cast<const char*>(bytes.data()), bytes.size()})
        .contains(evidence::kManifest);
  } catch (const Error&) {
    return false;
  }
}

// Whoever mistypes --out must not lose results, a key or a device's entry.
void refuse_other_file(const std::filesystem::path& out) {
  std::error_code unknown;
  const auto status = std::filesystem::symlink_status(out, unknown);
  if (!std::filesystem::exists(status)) return;
  if (std::filesystem::is_regular_file(status) && is_bundle(out)) return;
  throw Error(ErrorKind::usage, "what is there is no bundle, and would be lost", out.string(),
              "name a new file with --out, or an older bundle; or remove what is there");
}

void print_summary(const campaign::Dossier& dossier, const std::filesystem::path& out) {
  for (const Verdict& verdict : dossier.judgement.verdicts) {
    fmt::print("{:<13} {} against {}\n              {}\n", to_string(verdict.outcome), verdict.candidate,
               verdict.baseline, verdict.reason);
  }
  fmt::print("{:<13} {}\n", "policy", dossier.judgement.policy_words());
  fmt::print("{:<13} {}\n", "evidence", out.string());
  fmt::print("{:<13} {}\n", dossier.key_id ? "signed" : "unsigned",
             dossier.key_id ? "key " + *dossier.key_id : "nothing proves who made it; sign with --key");
}

bool is_accepted(const gate::Acceptance& acceptance, const campaign::Dossier& dossier) {
  const gate::Offer offer = campaign::offer_of(dossier, campaign::kVersion, dossier.key_id);
  const std::vector<gate::Refusal> refused = gate::refusals(acceptance, offer, system_now());
  campaign::print_refusals(acceptance, refused);
  return refused.empty();
}

}  // namespace

ExitCode bundle_command(const BundleOptions& options) {
  std::optional<gate::Acceptance> acceptance;
  if (options.accept) acceptance = gate::load_acceptance(*options.accept);
  std::optional<evidence::SigningKey> key;
  if (options.key) key = evidence::SigningKey::load(*options.key);
  const TemporaryFolder folder;
  campaign::Inputs inputs = load_inputs(options.judge);
  const auto out = options.out.value_or(report_folder(options.judge, inputs.campaign) / "evidence.tar");
  refuse_other_file(out);
  campaign::Dossier dossier = make_dossier(options, std::move(inputs), folder);
  if (key) dossier.key_id = key->public_key().id();
  if (acceptance && !is_accepted(*acceptance, dossier)) return ExitCode::fail;
  evidence::Files files = campaign::rendered_files(dossier);
  files.merge(campaign::input_files(dossier));
  evidence::finish_bundle(files, campaign::kStatements, key ? &*key : nullptr);
  write_file(out, evidence::write_archive(files));
  print_summary(dossier, out);
  return ExitCode::pass;
}

}  // namespace tinyhil::app
