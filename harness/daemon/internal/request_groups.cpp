// SPDX-License-Identifier: Apache-2.0
#include "request_groups.hpp"

#include <string_view>
#include <unordered_map>

namespace tinyhil::daemon {

RequestGroups::RequestGroups(const std::vector<LeaseRequest>& waiting, const BoardIndex& boards)
    : waiting_(waiting) {
  std::unordered_map<std::string_view, std::size_t> by_text;
  group_.reserve(waiting.size());
  for (const LeaseRequest& request : waiting) {
    const auto [found, is_new] = by_text.try_emplace(request.selector.text(), groups_.size());
    if (is_new) groups_.push_back({boards.matching(request.selector)});
    ++groups_[found->second].waiting;
    group_.push_back(found->second);
  }
}

}  // namespace tinyhil::daemon
