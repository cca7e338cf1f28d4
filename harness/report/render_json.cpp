// SPDX-License-Identifier: Apache-2.0
// docs/schema/report.schema.json. Doubles are written so that they read back bit for bit.
#include "json_of.hpp"
#include "report.hpp"

namespace tinyhil {
namespace {

constexpr int kSchemaVersion = 1;

Json slices_of(const VectorSet& vectors) {
  Json list = Json::array();
  for (const Slice& slice : vectors.slices) list.push_back({{"name", slice.name}, {"values", slice.values}});
  return list;
}

Json json_of(const VectorSet& vectors) {
  return {{"file", vectors.file.string()},
          {"digest", json_of(vectors.digest)},
          {"count", vectors.count},
          {"classes", vectors.classes},
          {"slices", slices_of(vectors)}};
}

}  // namespace

Json json_of(const Digest& digest) { return digest == Digest{} ? Json(nullptr) : Json(digest.hex()); }

Json json_of(const RunRecord& run) {
  return {{"id", run.id},
          {"campaign", run.campaign},
          {"campaign_file", run.campaign_file},
          {"campaign_digest", json_of(run.campaign_digest)},
          {"bench", run.bench},
          {"policy_digest", json_of(run.policy_digest)},
          {"started_at", run.started_at},
          {"host", run.host},
          {"version", run.version},
          {"sampling", run.sampling.empty() ? Json(nullptr) : Json(run.sampling)},
          {"order_seed", run.sampling.empty() ? Json(nullptr) : Json(std::to_string(run.order_seed))},
          {"boards", run.boards}};
}

std::string render_json(const Report& report) {
  const Json document = {{"schema_version", kSchemaVersion},
                         {"run", json_of(report.run)},
                         {"vectors", json_of(report.vectors)},
                         {"verdicts", json_list_of(report.verdicts)},
                         {"scorecards", json_list_of(report.scorecards)}};
  return document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tinyhil
