// SPDX-License-Identifier: Apache-2.0
#include "dossier.hpp"

#include "base/file_content.hpp"
#include "evidence/broken.hpp"
#include "report/attested.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "version.hpp"

namespace tinyhil::campaign {

namespace fs = std::filesystem;

namespace {

constexpr const char* kReadMe =
    "Evidence of a release gate, made by tinyhil.\n"
    "\n"
    "To check it, and to compute every verdict again from the stored results:\n"
    "  tinyhil verify BUNDLE.tar --key PUBLIC.pem\n"
    "What each file is, and how to check the signature without tinyhil: docs/evidence.md of tinyhil.\n"
    "\n";

// A file whose digest was taken when it was loaded: it must not have changed since.
std::string unchanged(const fs::path& file, const Digest& digest, const std::string& noun) {
  const std::vector<std::uint8_t> content = read_file(file, evidence::kArchiveSizeMax, noun);
  if (sha256(content) == digest) return {content.begin(), content.end()};
  throw Error(ErrorKind::usage, "the " + noun + " was changed while it was read", file.string(),
              "run the command again when nobody writes to the file");
}

std::string vouching(const std::optional<std::string>& key_id) {
  return key_id ? "signed with the Ed25519 key " + *key_id : "UNSIGNED, so that nothing proves who made it";
}

std::string model_file(const ModelFile& model) {
  return std::string(bundle::kModels) + "/" + model.moved_name();
}

std::vector<report::Material> configuration_of(const Dossier& dossier) {
  const Inputs& inputs = dossier.inputs;
  std::vector<report::Material> list = {{bundle::kPolicy, inputs.policy.digest},
                                        {bundle::kCampaign, inputs.campaign.digest},
                                        {bundle::kVectors, inputs.vectors.digest}};
  for (const ModelFile& model : inputs.campaign.models)
    list.push_back({model_file(model), sha256(model.content)});
  list.push_back({bundle::kResults, sha256(dossier.snapshot)});
  return list;
}

report::Report report_of(const Dossier& dossier) {
  report::Report report = dossier.judgement.report(dossier.inputs.vectors);
  report.evidence = vouching(dossier.key_id);
  return report;
}

std::string snapshot_bytes(const fs::path& file) {
  const std::vector<std::uint8_t> content = read_file(file, evidence::kArchiveSizeMax, "database");
  return {content.begin(), content.end()};
}

void check_rows(const store::SqliteStore& store, std::int64_t run) {
  const std::string database = bundle::kResults;
  if (const auto object = store.unlike_schema())
    throw evidence::broken(database + ": " + *object,
                           "this part of the schema is not one that tinyhil makes");
  if (store.runs().size() != 1 || store.runs()[0].id != run)
    throw evidence::broken(database, "it does not hold run " + std::to_string(run) + " alone");
  if (const auto link = store.verify_chain(run))
    throw evidence::broken(database + ": table " + link->table + ", row " + std::to_string(link->row),
                           link->what);
}

}  // namespace

evidence::Files input_files(const Dossier& dossier) {
  const Inputs& inputs = dossier.inputs;
  evidence::Files files;
  files[bundle::kCampaign] = unchanged(inputs.campaign.file, inputs.campaign.digest, "campaign file");
  files[bundle::kPolicy] = unchanged(inputs.campaign.policy, inputs.policy.digest, "gate file");
  files[bundle::kVectors] = unchanged(inputs.campaign.vectors, inputs.vectors.digest, "vector file");
  for (const ModelFile& model : inputs.campaign.models)
    files[model_file(model)].assign(model.content.begin(), model.content.end());
  files[bundle::kResults] = dossier.snapshot;
  return files;
}

evidence::Files rendered_files(const Dossier& dossier) {
  const report::Report report = report_of(dossier);
  const report::Attested attested{
      report,  configuration_of(dossier), dossier.chain_head, to_text(dossier.judged_at), dossier.key_id,
      kVersion};
  return {{"README.txt", kReadMe + ("This bundle is " + vouching(dossier.key_id) + ".\n")},
          {bundle::kReport, report::render_json(report)},
          {bundle::kStatement, report::render_statement(attested)},
          {bundle::kDetail, report::render_detail(attested)},
          {"report.html", report::render_html(report)},
          {"summary.md", report::render_markdown(report)},
          {"junit.xml", report::render_junit(report)},
          {"results.sarif", report::render_sarif(report)},
          {"metrics.prom", report::render_openmetrics(report)}};
}

void check_snapshot(const fs::path& snapshot, std::int64_t run) {
  store::SqliteStore::upgrade_copy(snapshot);
  check_rows(store::SqliteStore::open(snapshot, store::StoreAccess::read_only), run);
}

Dossier judge_snapshot(const fs::path& snapshot, std::int64_t run, Inputs inputs, Moment now) {
  Dossier dossier{std::move(inputs), {}, snapshot_bytes(snapshot), {}, now, {}};
  dossier.inputs.vectors.file = bundle::kVectors;  // where it came from is nobody's business
  dossier.of_older_schema = store::SqliteStore::upgrade_copy(snapshot);
  const store::SqliteStore store = store::SqliteStore::open(snapshot, store::StoreAccess::read_only);
  check_rows(store, run);
  dossier.chain_head = store.chain_head(run);
  dossier.judgement = judge_intact_run(store, store.runs().front(), dossier.inputs, now);
  return dossier;
}

}  // namespace tinyhil::campaign
