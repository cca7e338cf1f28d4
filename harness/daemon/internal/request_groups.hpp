// SPDX-License-Identifier: Apache-2.0
// Waiting requests whose selectors are alike, so that each selector is matched once.
#pragma once

#include <vector>

#include "board_index.hpp"
#include "board_set.hpp"
#include "daemon/farm.hpp"

namespace tinyhil::daemon {

struct RequestGroup {
  BoardSet boards;  // that match
  std::size_t waiting = 0;
};

class RequestGroups {
 public:
  RequestGroups(const std::vector<LeaseRequest>& waiting, const BoardIndex& boards);

  std::vector<RequestGroup>& all() { return groups_; }
  // `request`: one of those given to the constructor, itself.
  RequestGroup& of(const LeaseRequest& request) { return groups_[group_[index(request)]]; }
  const RequestGroup& of(const LeaseRequest& request) const { return groups_[group_[index(request)]]; }

 private:
  std::size_t index(const LeaseRequest& request) const {
    return static_cast<std::size_t>(&request - waiting_.data());
  }

  const std::vector<LeaseRequest>& waiting_;
  std::vector<RequestGroup> groups_;
  std::vector<std::size_t> group_;  // of each request
};

}  // namespace tinyhil::daemon
