// SPDX-License-Identifier: Apache-2.0
// What a report draws of the current traces of a run: each board's recording as a whole, one block of it, one
// window, and one inference with its layers.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/recording.hpp"
#include "model/trace_view.hpp"

namespace tinyhil::campaign {

// Of each board's first recording whose trace is at hand below `folder` and is the one that was recorded.
// Others are left out: a trace may be deleted, and a run without it is judged the same.
std::vector<TraceView> trace_views(const std::vector<Recording>& recordings,
                                   const std::filesystem::path& folder, const std::string& baseline);

}  // namespace tinyhil::campaign
