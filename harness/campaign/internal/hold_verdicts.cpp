// SPDX-License-Identifier: Apache-2.0
#include "hold_verdicts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "campaign/dossier.hpp"
#include "evidence/broken.hpp"

namespace tinyhil::campaign {
namespace {

using UnorderedJson = nlohmann::json;

const std::set<std::string> kSentences = {"reason", "method", "would_change", "control"};
// What a formula has a say in. `outcome` is of a rule or check; the verdict's own is held before.
const std::set<std::string> kBounds = {"outcome",      "interval",     "confidence", "waivers",
                                       "more_vectors", "more_seconds", "more_groups"};

[[noreturn]] void refuse(const std::string& place) {
  throw evidence::broken(bundle::kReport + (" " + place), "it is not what the stored results give");
}

UnorderedJson member(const UnorderedJson& object, const char* name) {
  return object.is_object() ? object.value(name, UnorderedJson()) : UnorderedJson();
}

// By its name: an outcome has a say in the order of rules and checks.
const UnorderedJson* counterpart(const UnorderedJson& one, const UnorderedJson& list) {
  for (const char* name : {"rule", "subject"}) {
    if (!one.is_object() || !one.contains(name)) continue;
    const auto same = [&](const UnorderedJson& other) { return member(other, name) == one[name]; };
    const auto found = std::find_if(list.begin(), list.end(), same);
    return found == list.end() ? nullptr : &*found;
  }
  return nullptr;
}

class HeldVerdicts {
 public:
  void hold_verdict(const UnorderedJson& theirs, const UnorderedJson& ours, const std::string& place) {
    if (member(theirs, "outcome") != member(ours, "outcome")) refuse(place + "/outcome");
    hold(theirs, ours, place);
  }

  std::optional<std::string> other_bounds;

 private:
  void hold(const UnorderedJson& theirs, const UnorderedJson& ours, const std::string& place) {
    if (theirs.is_object() && ours.is_object()) return hold_members(theirs, ours, place);
    if (theirs.is_array() && ours.is_array()) return hold_list(theirs, ours, place);
    if (theirs != ours) refuse(place);
  }

  void hold_members(const UnorderedJson& theirs, const UnorderedJson& ours, const std::string& place) {
    for (const auto& [name, value] : theirs.items()) {
      if (kSentences.contains(name)) continue;
      const std::string inside = place + "/" + name;
      const UnorderedJson computed = member(ours, name.c_str());
      if (!kBounds.contains(name)) {
        hold(value, computed, inside);
      } else if (value != computed) {
        note(inside);
      }
    }
  }

  void hold_list(const UnorderedJson& theirs, const UnorderedJson& ours, const std::string& place) {
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      const std::string inside = place + "/" + std::to_string(i);
      const UnorderedJson* computed = counterpart(theirs[i], ours);
      if (computed == nullptr) refuse(inside);
      hold(theirs[i], *computed, inside);
    }
    if (theirs.size() != ours.size()) note(place);
  }

  void note(const std::string& place) {
    if (!other_bounds) other_bounds = place;
  }
};

}  // namespace

std::optional<std::string> hold_verdicts(const UnorderedJson& theirs, const UnorderedJson& ours) {
  const std::string place = "/verdicts";
  if (!theirs.is_array() || theirs.size() != ours.size()) refuse(place);
  HeldVerdicts held;
  for (std::size_t i = 0; i < theirs.size(); ++i)
    held.hold_verdict(theirs[i], ours[i], place + "/" + std::to_string(i));
  return held.other_bounds;
}

}  // namespace tinyhil::campaign
