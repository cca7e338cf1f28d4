// SPDX-License-Identifier: Apache-2.0
#include "acceptance.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gate/internal/version_order.hpp"
#include "policy_diff.hpp"

namespace tinyhil::gate {
namespace {

using Refusals = std::vector<Refusal>;

template <class T>
bool is_among(const std::vector<T>& list, const T& one) {
  return std::ranges::find(list, one) != list.end();
}

std::string named(const Digest& digest) {
  return digest == Digest{} ? "one that no device computed" : digest.short_hex();
}

void hold_digest(const char* key, const std::vector<Digest>& pinned, const Digest& digest, Refusals& list) {
  if (pinned.empty() || (is_among(pinned, digest) && digest != Digest{})) return;
  list.push_back({key, fmt::format("it is {}, not {}", named(digest),
                                   pinned.size() == 1 ? pinned[0].short_hex() : "one of those accepted")});
}

void hold_policy(const Acceptance& acceptance, const Offer& offer, Refusals& list) {
  const Policy& policy = offer.policy;
  if (acceptance.policy && *acceptance.policy != policy.digest) {
    list.push_back({"policy", fmt::format("it was judged by {} (`{}`), not by {}", policy.digest.short_hex(),
                                          policy.name, acceptance.policy->short_hex())});
  }
  if (!acceptance.not_looser_than) return;
  for (const PolicyChange& change : policy_diff(*acceptance.not_looser_than, policy)) {
    if (change.change == Change::loosened)
      list.push_back({"not_looser_than", "the policy was loosened: " + change.where + ": " + change.what});
  }
}

void hold_board(const Acceptance& acceptance, const BoardIdentity& board, Refusals& list) {
  const std::string who = board.name.empty() ? "a board" : "board `" + board.name + "`";
  const bool known = !board.kind.empty();
  if (!known) {
    list.push_back({"provenance", who + " never said what it is"});
  } else if (!is_among(acceptance.provenance, board.provenance)) {
    list.push_back({"provenance", fmt::format("{} is {}", who, to_string(board.provenance))});
  }
  if (!acceptance.kinds.empty() && !is_among(acceptance.kinds, board.kind))
    list.push_back({"kinds", fmt::format("{} is a `{}`", who, board.kind)});
  if (!acceptance.serials.empty() && !is_among(acceptance.serials, board.serial))
    list.push_back({"serials", fmt::format("{} has the serial number `{}`", who, board.serial)});
  if (!acceptance.images.empty() && !is_among(acceptance.images, board.image))
    list.push_back({"images", fmt::format("{} ran image {}", who, named(board.image))});
}

void hold_boards(const Acceptance& acceptance, const Offer& offer, Refusals& list) {
  if (offer.boards.empty()) list.push_back({"provenance", "no board has run anything"});
  for (const BoardIdentity& board : offer.boards) hold_board(acceptance, board, list);
  if (acceptance.provenance != std::vector{Provenance::real}) return;
  for (const std::string& board : offer.simulated_meters)
    list.push_back({"provenance", fmt::format("the meter of board `{}` is simulated", board)});
}

void hold_version(const Acceptance& acceptance, const std::string& version, const char* did, Refusals& list) {
  const auto number = parse_version(version);
  if (acceptance.version_at_least && (!number || *number < *parse_version(*acceptance.version_at_least))) {
    list.push_back({"tinyhil_at_least", fmt::format("tinyhil {} {} it, older than {}", version, did,
                                                    *acceptance.version_at_least)});
  }
  if (acceptance.version_exactly && version != *acceptance.version_exactly) {
    list.push_back({"tinyhil_exactly",
                    fmt::format("tinyhil {} {} it, not {}", version, did, *acceptance.version_exactly)});
  }
}

void hold_age(const Acceptance& acceptance, const RunRecord& run, Moment now, Refusals& list) {
  if (!acceptance.max_age) return;
  const auto started = parse_moment(run.started_at);
  if (started && *started <= now && now - *started <= *acceptance.max_age) return;
  const char* why = !started ? "no point in time" : *started > now ? "in the future" : "too long ago";
  list.push_back({"max_age", fmt::format("the run began at {}, which is {}", run.started_at, why)});
}

void hold_waivers(const Acceptance& acceptance, const Offer& offer, Refusals& list) {
  if (acceptance.takes_waivers) return;
  for (const Verdict& verdict : offer.verdicts) {
    for (const Finding& finding : verdict.findings) {
      if (has_waiver(finding))
        list.push_back({"waivers", fmt::format("`{}` fails rule `{}`, which is waived", verdict.candidate,
                                               finding.rule)});
    }
  }
}

void hold_runs(const Acceptance& acceptance, const RunRecord& run, Refusals& list) {
  if (!acceptance.max_earlier_runs) return;
  if (run.models.empty())
    list.push_back(
        {"max_earlier_runs", "the run does not say how many came before, as an older tinyhil made it"});
  for (const ModelOfRun& model : run.models) {
    if (model.earlier <= *acceptance.max_earlier_runs) continue;
    list.push_back(
        {"max_earlier_runs", fmt::format("`{}` had {} earlier runs on these vectors, more than {}",
                                         model.name, model.earlier, *acceptance.max_earlier_runs)});
  }
}

void hold_seed(const Acceptance& acceptance, const RunRecord& run, Refusals& list) {
  if (acceptance.takes_chosen_seeds || !run.sampling || run.seed_origin == SeedOrigin::drawn) return;
  list.push_back({"seed", fmt::format("seed {} of the order was not drawn after the models were stored",
                                      run.order_seed)});
}

void hold_key(const Acceptance& acceptance, const Offer& offer, Refusals& list) {
  if (!offer.key) {
    list.push_back({"keys", "no signature was checked"});
  } else {
    hold_digest("keys", acceptance.keys, *offer.key, list);
  }
}

}  // namespace

std::vector<Refusal> refusals(const Acceptance& acceptance, const Offer& offer, Moment now) {
  Refusals list;
  hold_key(acceptance, offer, list);
  hold_policy(acceptance, offer, list);
  hold_digest("baseline", acceptance.baselines, offer.baseline, list);
  for (const Digest& candidate : offer.candidates) {
    hold_digest("candidate", acceptance.candidates, candidate, list);
    if (candidate == offer.baseline) list.push_back({"candidate", "it is the baseline itself"});
  }
  hold_digest("vectors", acceptance.vectors, offer.vectors, list);
  hold_boards(acceptance, offer, list);
  hold_version(acceptance, offer.version, "judged", list);
  hold_version(acceptance, offer.run.version, "ran", list);
  hold_age(acceptance, offer.run, now, list);
  hold_waivers(acceptance, offer, list);
  hold_runs(acceptance, offer.run, list);
  hold_seed(acceptance, offer.run, list);
  return list;
}

}  // namespace tinyhil::gate
