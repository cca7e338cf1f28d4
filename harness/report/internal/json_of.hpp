// SPDX-License-Identifier: Apache-2.0
// The parts of report.json, shared by its files. A number that JSON cannot hold (NaN, infinity) becomes null
// when the document is written; so does the all-zero digest of something that was never read.
#pragma once

#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "model/run_record.hpp"
#include "model/scorecard.hpp"
#include "model/verdict.hpp"
#include "report/report.hpp"

namespace tinyhil::report {

using Json = nlohmann::ordered_json;

Json json_of(const Digest& digest);
Json text_or_null(const std::string& text);
Json json_of(const Interval& interval);
Json json_of(const Proportion& proportion);
Json json_of(const Check& check);
Json json_of(const WaiverUse& use);
Json json_of(const Finding& finding);
Json json_of(const Verdict& verdict);
Json json_of(const SliceScore& score);
Json json_of(const Scorecard& card);
Json json_of(const RunRecord& run);
Json json_of(const BoardEnergyFigures& board);
Json json_of(const BoardComparison& comparison);
Json judged_by(const Report& report);

template <class T>
Json json_list_of(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(json_of(item));
  return list;
}

}  // namespace tinyhil::report
