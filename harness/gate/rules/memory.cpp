// SPDX-License-Identifier: Apache-2.0
// {test: memory, metric: arena_used, limit: 32 KiB, growth: 1 KiB}: bytes, exact. `limit` holds for the
// candidate alone, `growth` over the baseline; at least one is given. {metric: stack_free,
// at_least: 256 B} is a lower limit. What was not measured is an error.
#include <fmt/format.h>

#include "gate/gate.hpp"
#include "gate/internal/finding.hpp"

namespace tinyhil::gate {
namespace {

std::uint64_t measured(const Scorecard& card, const std::string& metric) {
  if (metric == "arena_used") return card.info.arena_used;
  if (metric == "model_size") return card.info.model_size;
  if (metric == "flash_size") return card.info.board.flash_size;
  return card.info.board.ram_size;
}

Check exact_check(const std::string& subject, std::int64_t value, std::uint64_t limit) {
  Check check;
  check.subject = subject;
  check.outcome = value <= static_cast<std::int64_t>(limit) ? Outcome::pass : Outcome::fail;
  check.n = 1;
  check.unit = Unit::bytes;
  check.estimate = static_cast<double>(value);
  check.limit = static_cast<double>(limit);
  check.reason = fmt::format("{} is {} B; at most {} B allowed", subject, value, limit);
  return check;
}

class Memory final : public Rule {
 public:
  explicit Memory(const Section& section)
      : metric_(
            section.choice("metric", {"arena_used", "model_size", "flash_size", "ram_size", "stack_free"})) {
    if (metric_ == "stack_free") {
      section.byte_count("at_least");
      return;
    }
    limit_ = section.optional_byte_count("limit");
    growth_ = section.optional_byte_count("growth");
    if (!limit_ && !growth_) section.fail("nothing is limited", "add `limit: 32 KiB` or `growth: 1 KiB`");
  }

  Finding judge(const Evidence& evidence) const override {
    if (metric_ == "stack_free")
      return conclude("not applied", {unknown("candidate")});  // no agent reports it yet
    const std::uint64_t candidate = measured(evidence.candidate, metric_);
    const std::uint64_t baseline = measured(evidence.baseline, metric_);
    std::vector<Check> checks;
    if (limit_) checks.push_back(candidate == 0 ? unknown("candidate") : limit_check(candidate));
    if (growth_) {
      if (candidate == 0 || baseline == 0) {
        checks.push_back(unknown(candidate == 0 ? "candidate" : "baseline"));
      } else {
        checks.push_back(growth_check(candidate, baseline));
      }
    }
    return conclude("exact count of bytes", std::move(checks));
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    if (metric_ == "stack_free")
      found.push_back({"no agent reports how much stack is free yet", "leave the rule out"});
    const bool is_of_the_image = metric_ == "flash_size" || metric_ == "ram_size";
    for (const std::string& board : known.without_image) {
      if (!is_of_the_image) break;
      found.push_back(
          {"the bench names no `image` for board `" + board + "`, so its " + metric_ + " is not known",
           "name the firmware's ELF file as `image` of the board"});
    }
    return found;
  }

  std::vector<Term> terms() const override {
    return {looser_if_higher("limit", limit_ ? static_cast<double>(*limit_) : kNoLimit),
            looser_if_higher("growth", growth_ ? static_cast<double>(*growth_) : kNoLimit)};
  }

  bool needs_random_sample() const override { return false; }

 private:
  Check limit_check(std::uint64_t candidate) const {
    Check check = exact_check(metric_, static_cast<std::int64_t>(candidate), *limit_);
    check.quantity = metric_;
    return check;
  }

  Check growth_check(std::uint64_t candidate, std::uint64_t baseline) const {
    const auto grown = static_cast<std::int64_t>(candidate) - static_cast<std::int64_t>(baseline);
    Check check = exact_check(metric_ + " growth", grown, *growth_);
    check.reason = fmt::format("{} grew by {} B, from {} to {}; at most {} B allowed", metric_, grown,
                               baseline, candidate, *growth_);
    return check;
  }

  Check unknown(const std::string& who) const {
    Check check = error_check(metric_, fmt::format("{} of the {} was not measured", metric_, who));
    const bool of_the_image = metric_ == "flash_size" || metric_ == "ram_size";
    check.would_change = of_the_image
                             ? "a bench that names the board's `image`, an ELF file, which has its sizes"
                         : metric_ == "model_size" ? "a model that the device loads, as a file of its own"
                                                   : "an agent that reports " + metric_;
    return check;
  }

  std::string metric_;
  std::optional<std::uint64_t> limit_;
  std::optional<std::uint64_t> growth_;
};

}  // namespace

std::unique_ptr<Rule> make_memory(const Section& section) { return std::make_unique<Memory>(section); }

}  // namespace tinyhil::gate
