// SPDX-License-Identifier: Apache-2.0
// By which rules a run drew its vectors and looked at them: all that its evidence rests on. Two runs with
// equal ones looked alike. Not the seed, and not the time on the device, which may be longer when a run is
// taken up again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tinyhil {

enum class DrawOrder {
  random,      // a permutation, every one as likely
  stratified,  // random, and every beginning of it holds the slices in nearly the proportions of the whole
  recorded,    // as in the vector file
  // first the vectors on which the host's outputs of the models differ, then the others, each at random
  disagreement_first,
};

enum class StopRule {
  e_process,         // look as often as you like
  sprt,              // on the vectors where the models disagree; needs `discordance`
  group_sequential,  // a few looks, O'Brien-Fleming
  never,             // all vectors, one look
};

enum class Claim {
  unseen,    // about vectors like these
  this_set,  // about the vectors of this set, no others
};

const char* to_string(DrawOrder order);
const char* to_string(StopRule stop);
const char* to_string(Claim claim);

struct RunSampling {
  DrawOrder order = DrawOrder::random;
  StopRule stop = StopRule::e_process;
  Claim claim = Claim::unseen;
  std::uint64_t min_vectors = 0;  // before the first look
  std::optional<std::uint64_t> max_vectors = {};
  std::optional<double> discordance = {};      // expected share of vectors on which the models disagree
  std::uint64_t chosen = 0;                    // with disagreement_first: so many vectors come first
  std::vector<std::string> host_outputs = {};  // the arrays by which they were chosen

  bool operator==(const RunSampling&) const = default;
};

// "order random, stop e-process, claim unseen, min_vectors 64": for people.
std::string to_text(const RunSampling& sampling);

}  // namespace tinyhil
