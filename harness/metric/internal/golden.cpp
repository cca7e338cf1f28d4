// SPDX-License-Identifier: Apache-2.0
#include "golden.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/nearest.hpp"

namespace tinyhil::metric {
namespace {

GoldenMismatch mismatch_of(std::uint32_t vector, const Mismatch& found) {
  return {vector, found.element, found.expected, found.got};
}

bool outputs_differ(const Rows& rows, std::size_t first, std::size_t last) {
  while (first < last && !rows.usable(first)) ++first;
  for (std::size_t row = first + 1; row < last; ++row) {
    if (rows.usable(row) && !std::ranges::equal(rows.output(row), rows.output(first))) return true;
  }
  return false;
}

}  // namespace

const Golden& find_golden(const Tensor& output, const VectorSet& vectors, const std::string& name) {
  const auto found = vectors.golden.find(name);
  if (found == vectors.golden.end()) {
    std::vector<std::string> names;
    for (const auto& entry : vectors.golden) names.push_back(entry.first);
    throw Error(ErrorKind::usage, "the vector file has no array " + name, vectors.file.string(),
                names.empty() ? "add the array, or remove `golden` from the model" : suggestion(name, names));
  }
  if (found->second.bytes_each != output.bytes()) {
    throw Error(ErrorKind::usage,
                "`" + name + "` has " + std::to_string(found->second.bytes_each) +
                    " bytes a vector, but the model gives " + output.shape(),
                vectors.file.string(), "make the golden outputs with this model");
  }
  return found->second;
}

Output output_of(const Golden& golden, std::uint32_t vector) {
  return Output(golden.outputs).subspan(vector * golden.bytes_each, golden.bytes_each);
}

GoldenScore golden_score(const Rows& rows, const Tensor& output, const VectorSet& vectors,
                         const std::string& name) {
  const Golden& golden = find_golden(output, vectors, name);
  GoldenScore score;
  score.by_lsb.resize(GoldenScore::kLsbMax + 2);
  score.first_by_lsb.resize(GoldenScore::kLsbMax + 2);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!rows.usable(row)) continue;
    ++score.compared;
    const Output expected = output_of(golden, rows.vector(row));
    const Difference found = rows.from(expected, row);
    const auto steps = static_cast<std::size_t>(std::min(found.max_lsb, GoldenScore::kLsbMax + 1));
    ++score.by_lsb[steps];
    if (!found.first) continue;
    ++score.differing;
    score.max_lsb = std::max(score.max_lsb, found.max_lsb);
    if (!score.first) score.first = mismatch_of(rows.vector(row), *found.first);
    if (!score.first_by_lsb[steps])
      score.first_by_lsb[steps] = mismatch_of(rows.vector(row), *found.farthest);
  }
  return score;
}

std::uint64_t nondeterministic_vectors(const Rows& rows) {
  std::uint64_t count = 0;
  for (std::size_t row = 0; row < rows.size();) {
    const std::size_t end = rows.end_of_vector(row);
    count += outputs_differ(rows, row, end);
    row = end;
  }
  return count;
}

}  // namespace tinyhil::metric
