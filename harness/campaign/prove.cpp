// SPDX-License-Identifier: Apache-2.0
#include "prove.hpp"

#include <algorithm>

#include "gate/policy_diff.hpp"

namespace tinyhil::campaign {
namespace {

bool holds(const std::vector<std::string>& list, const std::string& one) {
  return std::ranges::find(list, one) != list.end();
}

const Verdict& verdict_of(const Judgement& judgement, const std::string& candidate) {
  return *std::ranges::find(judgement.verdicts, candidate, &Verdict::candidate);
}

std::string choose_candidate(const Judgement& judgement) {
  for (const Verdict& verdict : judgement.verdicts) {
    if (verdict.outcome == Outcome::pass) return verdict.candidate;
  }
  return judgement.verdicts.front().candidate;
}

// Not a rule's doing: the gate asked it nothing.
bool is_unasked(const Finding& finding) { return finding.method == "not applied"; }

bool has_passed(const Verdict& verdict, const Finding& of) {
  return std::ranges::any_of(verdict.findings, [&](const Finding& finding) {
    return finding.rule == of.rule && finding.outcome == Outcome::pass;
  });
}

// Rules that no longer pass, and the gate's own checks for senseless data. A minor one only warns, and stops
// nothing.
std::vector<std::string> caught_by(const Verdict& before, const Verdict& after) {
  std::vector<std::string> by;
  bool unasked = false;
  for (const Finding& now : after.findings) {
    const bool counts = has_passed(before, now) || (now.kind == kSenseKind && !holds(by, now.rule));
    if (!counts || now.outcome == Outcome::pass) continue;
    unasked = unasked || is_unasked(now);
    if (!is_unasked(now) && now.severity != Severity::minor) by.push_back(now.rule);
  }
  const bool stopped = before.outcome == Outcome::pass && after.outcome != Outcome::pass;
  if (unasked || (by.empty() && stopped)) by.insert(by.begin(), kGateItself);
  return by;
}

class Prover {
 public:
  Prover(const RunRecord& run, const RunFacts& stored, Inputs& inputs, Moment now)
      : run_(run), stored_(stored), inputs_(inputs), now_(now) {
    const Judgement judgement = judge_facts(run, stored, inputs, now);
    proofs_.candidate = choose_candidate(judgement);
    before_ = verdict_of(judgement, proofs_.candidate);
    for (const Finding& finding : before_.findings) {
      if (finding.kind == kSenseKind) continue;  // no rule of the policy
      proofs_.rules.push_back(finding.rule);
      if (finding.outcome != Outcome::pass) proofs_.undecidable.push_back(finding.rule);
    }
  }

  Proofs run() {
    for (const Plant& plant : plants()) proofs_.proofs.push_back(prove_one(plant));
    proofs_.proofs.push_back(prove_loosened());
    for (const std::string& rule : proofs_.rules) {
      if (!has_caught(rule) && !holds(proofs_.undecidable, rule)) proofs_.idle.push_back(rule);
    }
    return std::move(proofs_);
  }

 private:
  bool has_caught(const std::string& rule) const {
    return std::ranges::any_of(proofs_.proofs, [&](const Proof& proof) { return holds(proof.by, rule); });
  }

  // Rules of the policy that are made for it and pass as it is.
  std::vector<std::string> made_for(const Plant& plant) const {
    std::vector<std::string> made;
    for (const gate::PolicyRule& rule : inputs_.policy.rules) {
      const bool counts = rule.severity != Severity::minor && !holds(proofs_.undecidable, rule.id);
      if (counts && holds(plant.kinds, rule.test)) made.push_back(rule.id);
    }
    return made;
  }

  Verdict judged(Specimen specimen) {
    std::swap(inputs_.vectors.labels, specimen.labels);
    try {
      const Judgement judgement =
          judge_facts(run_, {std::move(specimen.trials), stored_.recordings}, inputs_, now_);
      std::swap(inputs_.vectors.labels, specimen.labels);
      return verdict_of(judgement, proofs_.candidate);
    } catch (...) {
      std::swap(inputs_.vectors.labels, specimen.labels);
      throw;
    }
  }

  Proof prove_one(const Plant& plant) {
    Proof proof{plant.id, plant.what, made_for(plant), Notice::not_applicable, {}, {}};
    Specimen specimen{inputs_, proofs_.candidate, stored_.trials, inputs_.vectors.labels};
    if (specimen.of_candidate().empty()) {
      proof.why = "the candidate has no results";
    } else {
      proof.why = plant.plant(specimen);
    }
    if (!proof.why.empty()) return proof;
    proof.by = caught_by(before_, judged(std::move(specimen)));
    if (!proof.by.empty()) {
      proof.notice = Notice::caught;
    } else if (!proof.made.empty() || (plant.kinds.empty() && before_.outcome == Outcome::pass)) {
      proof.notice = Notice::missed;
    } else {
      proof.why = "no rule of the policy that passes is made to catch it";
    }
    return proof;
  }

  // Each rule taken out in turn: the difference of policies has to say that it is looser.
  Proof prove_loosened() {
    Proof proof{"loosened_policy", "a rule taken out of the policy",
                proofs_.rules,     Notice::caught,
                {kGateItself},     {}};
    for (std::size_t i = 0; i < inputs_.policy.rules.size(); ++i) {
      gate::Policy loosened = gate::load_policy(inputs_.policy.file);
      loosened.rules.erase(loosened.rules.begin() + static_cast<std::ptrdiff_t>(i));
      const std::vector<gate::PolicyChange> changes = gate::policy_diff(inputs_.policy, loosened);
      const bool told = std::ranges::any_of(
          changes, [](const gate::PolicyChange& change) { return change.change == gate::Change::loosened; });
      if (!told) proof = {proof.fault, proof.what, proof.made, Notice::missed, {}, {}};
    }
    return proof;
  }

  const RunRecord& run_;
  const RunFacts& stored_;
  Inputs& inputs_;
  Moment now_;
  Verdict before_;
  Proofs proofs_;
};

}  // namespace

const char* to_string(Notice notice) {
  switch (notice) {
    case Notice::caught:
      return "caught";
    case Notice::missed:
      return "missed";
    case Notice::not_applicable:
      return "not applicable";
  }
  return "unknown";
}

bool Proofs::is_sound() const {
  return std::ranges::none_of(proofs, [](const Proof& proof) { return proof.notice == Notice::missed; });
}

Proofs prove(const RunRecord& run, const RunFacts& stored, Inputs& inputs, Moment now) {
  return Prover(run, stored, inputs, now).run();
}

}  // namespace tinyhil::campaign
