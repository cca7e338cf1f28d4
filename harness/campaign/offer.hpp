// SPDX-License-Identifier: Apache-2.0
// What a bundle says of itself, for the decision whether to accept it.
#pragma once

#include <nlohmann/json.hpp>

#include "dossier.hpp"
#include "gate/acceptance.hpp"

namespace tinyhil::campaign {

// `key`: whose signature was checked, or who is about to sign. Refers to the dossier.
gate::Offer offer_of(const Dossier& dossier, const std::string& version,
                     const std::optional<std::string>& key);

// Every value that an accept.yaml can pin.
nlohmann::ordered_json values_of(const Dossier& dossier, const gate::Offer& offer);

// One line each: baseline, vectors, boards, order and earlier runs.
void print_values(const Dossier& dossier, const gate::Offer& offer);

void print_refusals(const gate::Acceptance& acceptance, const std::vector<gate::Refusal>& refusals);
nlohmann::ordered_json json_of(const std::vector<gate::Refusal>& refusals);

}  // namespace tinyhil::campaign
