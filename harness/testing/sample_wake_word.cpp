// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "report_sample.hpp"

namespace tinyhil::test {
namespace {

Proportion wilson(std::uint64_t successes, std::uint64_t n) {
  const double z = 1.959964;
  const double count = static_cast<double>(n);
  const double p = static_cast<double>(successes) / count;
  const double middle = (p + z * z / (2 * count)) / (1 + z * z / count);
  const double half = z / (1 + z * z / count) * std::sqrt(p * (1 - p) / count + z * z / (4 * count * count));
  return {static_cast<double>(successes), n, {middle - half, middle + half}};
}

Digest digest_of(std::uint8_t seed) {
  Digest digest;
  for (std::size_t i = 0; i < digest.bytes.size(); ++i)
    digest.bytes[i] = static_cast<std::uint8_t>(seed * 37 + i * 89 + (i * i) % 13);
  return digest;
}

BoardIdentity emulated_m4() {
  return {.name = "m4",
          .kind = "mps2-an386",
          .serial = "qemu-0001",
          .engine = "reference",
          .build = "tinyhil-agent 0.1.0",
          .provenance = Provenance::emulated,
          .image = digest_of(1),
          .clock = "cmsdk-timer0",
          .clock_hz = 25'000'000,
          .timer_hz = 1'000'000,
          .flash_size = 61'428,
          .ram_size = 11'904};
}

struct Facts {
  const char* model;
  std::uint8_t seed;
  std::uint64_t size;
  std::uint32_t arena;
  std::vector<std::uint64_t> confusion;
  std::vector<std::uint64_t> slice_successes;  // in the order of kSlices
  std::vector<std::pair<std::uint32_t, std::size_t>> ticks;
};

struct SliceSize {
  const char* slice;
  const char* value;
  std::uint64_t n;
};

constexpr SliceSize kSlices[] = {
    {"sex", "female", 600},      {"sex", "male", 600},      {"accent", "us", 400},
    {"accent", "british", 300},  {"accent", "indian", 240}, {"accent", "scottish", 148},
    {"accent", "nigerian", 112}, {"noise", "clean", 480},   {"noise", "street", 300},
    {"noise", "babble", 240},    {"noise", "music", 180},
};

TrialInfo info_of(const Facts& facts) {
  TrialInfo info;
  info.model = facts.model;
  info.model_digest = digest_of(facts.seed);
  info.model_size = facts.size;
  info.vectors_digest = digest_of(9);
  info.vector_count = 1200;
  info.repeats = 2;
  info.board = emulated_m4();
  info.arena_used = facts.arena;
  info.input = Tensor{DType::int8, 4, {1, 49, 10, 1}, 0.1076F, -4};
  info.output = Tensor{DType::int8, 2, {1, 5, 1, 1}, 0.00390625F, -128};
  return info;
}

Scorecard card_of(const Facts& facts) {
  Scorecard card;
  card.info = info_of(facts);
  card.drawn = card.info.vector_count;
  card.inferences = 2400;
  card.classes = {"wake", "stop", "go", "speech", "silence"};
  card.confusion = facts.confusion;
  std::uint64_t correct = 0;
  for (std::size_t i = 0; i < 5; ++i) correct += facts.confusion[i * 5 + i];
  card.accuracy = wilson(correct, 1200);
  for (std::size_t i = 0; i < std::size(kSlices); ++i)
    card.slices.push_back(
        {kSlices[i].slice, kSlices[i].value, wilson(facts.slice_successes[i], kSlices[i].n)});
  card.latency.steps_per_base = 25'000'000;
  card.latency.repeatable = true;
  for (const auto& [ticks, count] : facts.ticks)
    card.latency.sorted.insert(card.latency.sorted.end(), count, ticks);
  card.golden = GoldenScore{.compared = 1200, .differing = 0, .max_lsb = 0, .first = {}};
  return card;
}

std::vector<Scorecard> cards() {
  return {card_of({"v1-shipped",
                   2,
                   18'712,
                   9'216,
                   {284, 4, 3, 8, 1, 3, 233, 6, 7, 1, 2, 7, 231, 9, 1, 5, 3, 4, 236, 2, 0, 1, 1, 3, 145},
                   {566, 563, 381, 284, 226, 136, 102, 463, 281, 217, 168},
                   {{308'642, 2372}, {308'658, 28}}}),
          card_of({"v2-wide",
                   3,
                   22'936,
                   10'752,
                   {288, 3, 2, 6, 1, 2, 236, 5, 6, 1, 2, 6, 233, 8, 1, 4, 3, 3, 238, 2, 0, 1, 0, 2, 147},
                   {573, 569, 384, 287, 229, 138, 104, 466, 284, 222, 170},
                   {{341'204, 2400}}}),
          card_of({"v3-pruned",
                   4,
                   13'104,
                   9'216,
                   {268, 6, 5, 19, 2, 4, 228, 7, 10, 1, 3, 9, 222, 14, 2, 6, 4, 4, 233, 3, 0, 1, 1, 6, 142},
                   {552, 541, 377, 278, 220, 117, 101, 459, 270, 203, 161},
                   {{261'480, 2360}, {261'512, 34}, {261'544, 6}}})};
}

Check plain_check(const char* subject, std::uint64_t n, const Found& found) {
  return check_of(subject, Outcome::pass, n, found);
}

struct Estimated {
  double estimate;
  Interval interval;
};

Check ratio_check(const char* subject, Outcome outcome, std::uint64_t n, const Estimated& ratio,
                  double limit) {
  Check check = check_of(subject, outcome, n, {Unit::ratio, ratio.estimate, limit});
  check.interval = ratio.interval;
  check.confidence = 0.9;
  return check;
}

std::vector<Check> by_accent(std::vector<Check> checks) {
  for (Check& check : checks) {
    check.slices = {"accent"};
    check.is_of_one_value = true;
  }
  return checks;
}

Finding latency_finding(double p99_ms) {
  Check check = plain_check("p99", 1200, {Unit::milliseconds, p99_ms, 20});
  check.interval = {p99_ms, p99_ms};
  check.would_change = "would stop passing if the value seen were above 20 ms, " +
                       std::to_string(20 - p99_ms).substr(0, 4) + " ms from here";
  return {"deadline",
          "latency_quantile",
          "order statistics bounding p99, one-sided 95 %; repeats of a vector count once",
          Severity::critical,
          Outcome::pass,
          "p99 is " + std::to_string(p99_ms).substr(0, 5) +
              " ms (emulated time, n = 1200); at most 20 ms allowed",
          {check}};
}

Check bytes_check(const char* quantity, double bytes, double limit) {
  Check check = plain_check(quantity, 1, {Unit::bytes, bytes, limit});
  check.quantity = quantity;
  check.would_change = std::to_string(static_cast<int>(limit - bytes) + 1) + " more bytes would make it fail";
  return check;
}

Finding memory_finding(double model, double arena) {
  return {"memory",
          "memory",
          "",
          Severity::critical,
          Outcome::pass,
          "arena_used is " + std::to_string(static_cast<int>(arena)) + " B; at most 12288 B allowed",
          {bytes_check("arena_used", arena, 12'288), bytes_check("model_size", model, 24'576)}};
}

Finding golden_finding() {
  return {"bit-exact",
          "golden",
          "",
          Severity::critical,
          Outcome::pass,
          "outputs differ by up to 0 LSB; at most 0 allowed (n = 1200)",
          {plain_check("largest difference", 1200, {Unit::lsb, 0, 0}),
           plain_check("differing outputs", 1200, {Unit::ratio, 0, 0})}};
}

Finding device_finding() {
  return {"no-faults",
          "no_faults",
          "",
          Severity::critical,
          Outcome::pass,
          "0 failed inferences in 2400 inferences; none allowed",
          {plain_check("failed inferences", 2400, {Unit::inferences, 0, 0}),
           plain_check("nondeterministic vectors", 1200, {Unit::vectors, 0, 0})}};
}

constexpr const char* kPaired =
    "paired accuracy, Gaffke's bounds of the mean difference, each one-sided at 95 % (together a two-sided "
    "90 % interval)";

constexpr const char* kControl =
    "A/A control: 64 vectors run twice by the baseline, outputs equal, latency shift 0 us";

Verdict passing() {
  const Finding accuracy{
      "accuracy",
      "noninferiority",
      kPaired,
      Severity::critical,
      Outcome::pass,
      "all vectors is 1.1 points better (90 % interval +0.1 .. +2.1, n = 1200); at most 2 allowed; 94.1 % "
      "right became 95.2 %, 20 lost, 33 gained",
      {ratio_check("all vectors", Outcome::pass, 1200, {13.0 / 1200, {0.0012, 0.0207}}, -0.02)}};
  const Finding accents{
      "accents",
      "worst_slice",
      kPaired,
      Severity::critical,
      Outcome::pass,
      "accent = us is 0.8 points better (90 % interval -0.7 .. +2.2, n = 400); at most 5 allowed; 95.2 % "
      "right became 96.0 %, 5 lost, 8 gained",
      by_accent({ratio_check("accent = us", Outcome::pass, 400, {0.0075, {-0.0068, 0.0221}}, -0.05),
                 ratio_check("accent = british", Outcome::pass, 300, {0.01, {-0.0081, 0.0284}}, -0.05),
                 ratio_check("accent = indian", Outcome::pass, 240, {0.0125, {-0.0102, 0.0361}}, -0.05),
                 ratio_check("accent = scottish", Outcome::pass, 148, {0.0135, {-0.0192, 0.0473}}, -0.05),
                 ratio_check("accent = nigerian", Outcome::pass, 112, {0.0179, {-0.0231, 0.0602}}, -0.05)})};
  return {"v2-wide",
          "v1-shipped",
          "release",
          Outcome::pass,
          "6 of 6 rules pass",
          {accuracy, accents, latency_finding(13.648), memory_finding(22'936, 10'752), golden_finding(),
           device_finding()},
          "",
          kControl};
}

Verdict failing() {
  Check worse = ratio_check("all vectors", Outcome::fail, 1200, {-0.03, {-0.0394, -0.0211}}, -0.02);
  worse.would_change = "would pass with a limit of -4 points; its lower bound is 1.9 points off";
  const Finding accuracy{"accuracy",
                         "noninferiority",
                         kPaired,
                         Severity::critical,
                         Outcome::fail,
                         "all vectors is 3.0 points worse (90 % interval -3.9 .. -2.1, n = 1200); at most 2 "
                         "allowed; 94.1 % right became 91.1 %, 61 lost, 25 gained",
                         {worse}};
  Check nigerian =
      ratio_check("accent = nigerian", Outcome::inconclusive, 112, {-0.0089, {-0.0612, 0.0388}}, -0.05);
  nigerian.more_vectors = 64;
  nigerian.more_seconds = 3.1;
  nigerian.would_change =
      "about 64 more vectors of accent = nigerian would be expected to decide, 3.1 s of board time for both "
      "models; transfer comes on top";
  Check scottish = ratio_check("accent = scottish", Outcome::fail, 148, {-0.1284, {-0.1801, -0.0864}}, -0.05);
  scottish.would_change = "would pass with a limit of -18.1 points; its lower bound is 13 points off";
  const Finding accents{
      "accents",
      "worst_slice",
      kPaired,
      Severity::critical,
      Outcome::fail,
      "accent = scottish is 12.8 points worse (90 % interval -18.0 .. -8.6, n = 148); at most 5 allowed; "
      "91.9 % right became 79.1 %, 21 lost, 2 gained",
      by_accent({ratio_check("accent = us", Outcome::pass, 400, {-0.01, {-0.0223, 0.0008}}, -0.05),
                 ratio_check("accent = british", Outcome::pass, 300, {-0.02, {-0.0389, -0.0041}}, -0.05),
                 ratio_check("accent = indian", Outcome::pass, 240, {-0.025, {-0.0477, -0.0062}}, -0.05),
                 scottish, nigerian})};
  return {"v3-pruned",
          "v1-shipped",
          "release",
          Outcome::fail,
          "accuracy: "
          "all vectors is 3.0 points worse (90 % interval -3.9 .. -2.1, n = 1200); at most 2 allowed; 94.1 % "
          "right became 91.1 %, 61 lost, 25 gained"
          " (and 1 more rules)",
          {accuracy, accents, latency_finding(10.461), memory_finding(13'104, 9'216), golden_finding(),
           device_finding()},
          "",
          kControl};
}

VectorSet vector_set() {
  VectorSet vectors;
  vectors.file = "scenarios/wake_word/vectors.npz";
  vectors.digest = digest_of(9);
  vectors.count = 1200;
  vectors.classes = {"wake", "stop", "go", "speech", "silence"};
  vectors.slices = {{"sex", {"female", "male"}, {}},
                    {"accent", {"us", "british", "indian", "scottish", "nigerian"}, {}},
                    {"noise", {"clean", "street", "babble", "music"}, {}}};
  return vectors;
}

}  // namespace

ReportSample wake_word_sample() {
  return {{.id = 42,
           .campaign = "wake_word",
           .campaign_file = "scenarios/wake_word/campaign.yaml",
           .campaign_digest = digest_of(5),
           .bench = "emulated",
           .policy_digest = digest_of(6),
           .started_at = "2026-11-23T14:05:09Z",
           .host = "Linux 6.1.0 x86_64",
           .version = "0.1.0"},
          vector_set(),
          cards(),
          {passing(), failing()}};
}

}  // namespace tinyhil::test
