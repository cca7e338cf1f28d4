// SPDX-License-Identifier: Apache-2.0
#include "contents.hpp"

#include <cstring>

#include "run_sampling.hpp"
#include "store/internal/bytes.hpp"

namespace tinyhil::store {

void insert_model_content(Connection& connection, const Digest& file, const Digest& graph) {
  Statement insert(connection, "INSERT OR IGNORE INTO model_content (digest, graph) VALUES (?,?)");
  insert.bind(Bytes(file.bytes)).bind(Bytes(graph.bytes)).run();
}

void insert_vector_content(Connection& connection, const Digest& file, const VectorContent& content) {
  Statement insert(connection,
                   "INSERT OR IGNORE INTO vector_content (digest, content, marks) VALUES (?,?,?)");
  insert.bind(Bytes(file.bytes)).bind(Bytes(content.values.bytes)).bind(bytes_of(content.marks)).run();
}

std::optional<VectorContent> load_vector_content(Connection& connection, const Digest& file) {
  Statement row(connection, "SELECT content, marks FROM vector_content WHERE digest = ?");
  if (!row.bind(Bytes(file.bytes)).step()) return std::nullopt;
  const Bytes bytes = row.blob(1);
  VectorContent content{row.digest(0), std::vector<std::uint64_t>(bytes.size() / sizeof(std::uint64_t))};
  if (!content.marks.empty())
    std::memcpy(content.marks.data(), bytes.data(), content.marks.size() * sizeof(std::uint64_t));
  return content;
}

std::vector<SeenRun> load_seen_runs(Connection& connection) {
  Statement rows(connection, R"sql(
SELECT DISTINCT run.id, COALESCE(run_order.seed, order_seed), vector_set.digest, COALESCE(graph, model.digest) AS content
FROM run JOIN trial ON trial.run = run.id
JOIN model ON model.id = trial.model
JOIN vector_set ON vector_set.id = trial.vector_set
LEFT JOIN model_content ON model_content.digest = model.digest
LEFT JOIN run_order ON run_order.run = run.id
WHERE EXISTS (SELECT 1 FROM block WHERE block.trial = trial.id)
ORDER BY run.id, content
)sql");
  std::vector<SeenRun> runs;
  while (rows.step()) {
    if (runs.empty() || runs.back().id != rows.integer(0)) {
      SeenRun& run = runs.emplace_back();
      run.id = rows.integer(0);
      run.vectors = rows.digest(2);
      if (!rows.is_null(1)) run.seed = static_cast<std::uint64_t>(rows.integer(1));
      run.sampling = load_sampling(connection, run.id);
    }
    runs.back().models.push_back(rows.digest(3));
  }
  return runs;
}

}  // namespace tinyhil::store
