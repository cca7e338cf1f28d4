// SPDX-License-Identifier: Apache-2.0
#include "sampling.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "model/limits.hpp"

namespace tinyhil::sampling {

namespace {

constexpr std::uint64_t kLookGrowth = 16;
constexpr std::uint64_t kGroups = 5;
constexpr std::uint64_t kFewestOthers = 16;

// std::uniform_int_distribution and std::shuffle differ between libraries; this does not.
std::uint64_t below(std::mt19937_64& chance, std::uint64_t bound) {
  const std::uint64_t fair = std::mt19937_64::max() - std::mt19937_64::max() % bound;
  std::uint64_t draw = chance();
  while (draw >= fair) draw = chance();
  return draw % bound;
}

void shuffle(std::vector<std::uint32_t>& numbers, std::mt19937_64& chance) {
  for (std::size_t i = numbers.size(); i > 1; --i) std::swap(numbers[i - 1], numbers[below(chance, i)]);
}

std::vector<std::vector<std::uint32_t>> strata(const VectorSet& vectors) {
  std::map<std::vector<std::uint16_t>, std::vector<std::uint32_t>> by_codes;
  for (std::uint32_t i = 0; i < vectors.count; ++i) {
    std::vector<std::uint16_t> codes;
    for (const Slice& slice : vectors.slices) codes.push_back(slice.code[i]);
    by_codes[std::move(codes)].push_back(i);
  }
  std::vector<std::vector<std::uint32_t>> strata;
  for (auto& [codes, members] : by_codes) strata.push_back(std::move(members));
  return strata;
}

// The members of each stratum are spread evenly, from a random start.
std::vector<std::uint32_t> stratified(const VectorSet& vectors, std::mt19937_64& chance) {
  constexpr std::uint64_t kPlaces = 1u << 30;
  std::vector<std::pair<double, std::uint32_t>> places;
  for (std::vector<std::uint32_t>& members : strata(vectors)) {
    shuffle(members, chance);
    const double start = static_cast<double>(below(chance, kPlaces)) / kPlaces;
    for (std::size_t i = 0; i < members.size(); ++i) {
      places.emplace_back((static_cast<double>(i) + start) / static_cast<double>(members.size()), members[i]);
    }
  }
  std::sort(places.begin(), places.end());
  std::vector<std::uint32_t> order;
  for (const auto& [place, number] : places) order.push_back(number);
  return order;
}

std::vector<std::uint32_t> chosen_first(std::vector<std::uint32_t> chosen, std::size_t count,
                                        std::mt19937_64& chance) {
  std::vector<bool> is_chosen(count);
  for (const std::uint32_t number : chosen) is_chosen.at(number) = true;
  std::vector<std::uint32_t> others;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!is_chosen[i]) others.push_back(i);
  }
  shuffle(chosen, chance);
  shuffle(others, chance);
  chosen.insert(chosen.end(), others.begin(), others.end());
  return chosen;
}

// The others are drawn at random among themselves, so that they are looked at by their own number.
void add_looks_at_others(std::uint64_t first, std::uint64_t chosen, std::uint64_t last,
                         std::vector<std::uint64_t>& looks) {
  std::uint64_t others = std::max(first, chosen + kFewestOthers) - chosen;
  for (; chosen + others < last; others += std::max<std::uint64_t>(others / kLookGrowth, 1))
    looks.push_back(chosen + others);
}

StopRule read_stop(const Section& section) {
  const std::string stop =
      section.choice("stop", {"e-process", "sprt", "group-sequential", "never"}, "e-process");
  if (stop == "sprt") return StopRule::sprt;
  if (stop == "group-sequential") return StopRule::group_sequential;
  return stop == "never" ? StopRule::never : StopRule::e_process;
}

DrawOrder read_order(const Section& section) {
  const std::string order =
      section.choice("order", {"random", "stratified", "recorded", "disagreement-first"}, "random");
  if (order == "disagreement-first") return DrawOrder::disagreement_first;
  if (order == "recorded") return DrawOrder::recorded;
  return order == "stratified" ? DrawOrder::stratified : DrawOrder::random;
}

// A pass counts what the chosen vectors say without sampling error, which they have for this set alone.
void check_disagreement_first(const Section& section, const Sampling& sampling) {
  if (sampling.claim != Claim::this_set) {
    section.fail_at("claim",
                    "vectors that are chosen because the models differ on them say something about this set "
                    "only, not about unseen vectors",
                    "write `claim: this-set`, or `order: random`");
  }
  if (sampling.stop != StopRule::e_process) {
    section.fail_at("stop", "the order `disagreement-first` is looked at at any time, in its own way",
                    "write `stop: e-process`, or `order: random`");
  }
}

void check_agreement(const Section& section, const Sampling& sampling) {
  if (sampling.order == DrawOrder::disagreement_first) check_disagreement_first(section, sampling);
  if (sampling.stop == StopRule::sprt && !sampling.discordance) {
    section.fail_at("stop", "the SPRT has to be told how often the models disagree",
                    "add for example `discordance: 3 %`, or write `stop: e-process`");
  }
  if (sampling.discordance && !(*sampling.discordance > 0 && *sampling.discordance < 1)) {
    section.fail_at("discordance", "it must lie between 0 % and 100 %",
                    "write for example `discordance: 3 %`");
  }
  const bool stops = sampling.stop != StopRule::never;
  if (stops && sampling.order == DrawOrder::recorded) {
    section.fail_at(
        "order", "the beginning of the recorded order is no random sample, so nothing can be decided by it",
        "write `order: random`, or `stop: never`");
  }
  if (sampling.claim == Claim::this_set &&
      (sampling.stop != StopRule::e_process || sampling.order == DrawOrder::stratified)) {
    section.fail_at("claim",
                    "a claim about this very set needs `stop: e-process`, and `order: random` or "
                    "`order: disagreement-first`",
                    "change them, or write `claim: unseen`");
  }
  if (sampling.max_vectors && *sampling.max_vectors < sampling.min_vectors) {
    section.fail_at("max_vectors", "it is below `min_vectors`", "raise it, or lower `min_vectors`");
  }
}

}  // namespace

Sampling Sampling::all_at_once() {
  Sampling sampling;
  sampling.order = DrawOrder::recorded;
  sampling.stop = StopRule::never;
  return sampling;
}

bool Sampling::is_all_at_once() const {
  return order == DrawOrder::recorded && stop == StopRule::never && !max_vectors;
}

RunSampling rules_of(const Sampling& sampling) {
  return {sampling.order,       sampling.stop,        sampling.claim,
          sampling.min_vectors, sampling.max_vectors, sampling.discordance};
}

Sampling read_sampling(const Section& section) {
  Sampling sampling;
  sampling.order = read_order(section);
  sampling.stop = read_stop(section);
  if (section.choice("claim", {"unseen", "this-set"}, "unseen") == "this-set")
    sampling.claim = Claim::this_set;
  if (section.has("seed")) {
    sampling.seed = static_cast<std::uint64_t>(section.integer("seed", 0, std::int64_t{1} << 53));
  }
  sampling.discordance = section.optional_ratio("discordance");
  sampling.min_vectors =
      static_cast<std::uint64_t>(section.integer("min_vectors", 1, static_cast<std::int64_t>(kVectorsMax),
                                                 static_cast<std::int64_t>(sampling.min_vectors)));
  if (section.has("max_vectors")) {
    sampling.max_vectors =
        static_cast<std::uint64_t>(section.integer("max_vectors", 1, static_cast<std::int64_t>(kVectorsMax)));
  }
  sampling.max_device_time = section.optional_duration("max_device_time");
  section.finish();
  check_agreement(section, sampling);
  return sampling;
}

std::uint64_t most_vectors(const Sampling& sampling, std::uint64_t count) {
  return std::min(sampling.max_vectors.value_or(count), count);
}

std::vector<std::uint64_t> looks(const Sampling& sampling, std::uint64_t count, std::uint64_t chosen) {
  const std::uint64_t last = most_vectors(sampling, count);
  std::vector<std::uint64_t> looks;
  if (sampling.stop == StopRule::group_sequential) {
    for (std::uint64_t i = 1; i < kGroups; ++i) looks.push_back(last * i / kGroups);
  } else if (sampling.order == DrawOrder::disagreement_first) {
    add_looks_at_others(sampling.min_vectors, chosen, last, looks);
  } else if (sampling.stop != StopRule::never) {
    std::uint64_t next = sampling.min_vectors;
    for (; next < last; next += std::max<std::uint64_t>(next / kLookGrowth, 1)) looks.push_back(next);
  }
  std::erase_if(looks, [&](std::uint64_t look) { return look == 0 || look < sampling.min_vectors; });
  looks.push_back(last);
  return looks;
}

std::vector<std::uint32_t> draw_order(DrawOrder order, std::uint64_t seed, const VectorSet& vectors,
                                      const std::vector<std::uint32_t>& chosen) {
  std::mt19937_64 chance(seed);
  if (order == DrawOrder::stratified) return stratified(vectors, chance);
  if (order == DrawOrder::disagreement_first) return chosen_first(chosen, vectors.count, chance);
  std::vector<std::uint32_t> numbers(vectors.count);
  std::iota(numbers.begin(), numbers.end(), 0u);
  if (order == DrawOrder::random) shuffle(numbers, chance);
  return numbers;
}

}  // namespace tinyhil::sampling
