// SPDX-License-Identifier: Apache-2.0
// Evidence as in-toto statements (in-toto.io/Statement/v1): what was tested, with which inputs, how it ended.
// A statement is what gets signed; nothing in it may be greener than the verdicts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "report.hpp"

namespace tinyhil::report {

// A file that belongs to the evidence.
struct Material {
  std::string name;  // in the bundle: "gate.yaml"
  Digest digest;
};

struct Attested {
  Report report;
  std::vector<Material> configuration;  // policy, campaign, vectors, models, stored results
  Digest chain_head;                    // of the run
  std::string judged_at;                // UTC, "2026-11-23T14:05:09Z"
  std::optional<std::string> key_id;    // of the key that signs; empty: unsigned
  std::string version;                  // of the tinyhil that judged
};

// The standard predicate https://in-toto.io/attestation/test-result/v0.1. Subjects are the firmware images,
// as read back from the devices, and the candidates' models.
std::string render_statement(const Attested& attested);

// The same subjects with our predicate, urn:x-tinyhil:hil-gate:v1: every rule with its numbers, every
// scorecard, where each digest came from.
std::string render_detail(const Attested& attested);

}  // namespace tinyhil::report
