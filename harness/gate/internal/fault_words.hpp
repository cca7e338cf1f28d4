// SPDX-License-Identifier: Apache-2.0
// Survived faults in one line, however many there are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/trial.hpp"

namespace tinyhil::gate {

std::vector<SurvivedFault> of_the_device(const std::vector<SurvivedFault>& faults);

// Silences over a vector of which neither the device nor the line is shown to be the cause.
std::vector<SurvivedFault> unexplained(const std::vector<SurvivedFault>& faults);
// What was not the device's: resets from outside, what the line lost.
std::vector<SurvivedFault> from_outside(const std::vector<SurvivedFault>& faults);

std::string first_of(const std::vector<std::uint32_t>& vectors);  // "3, 17, 20 and 4 more"

// "vector 17: the device restarted (reset, pc 0x080012a4), without a vector: ... and 2 more"
std::string told(const std::vector<SurvivedFault>& faults);

// " (the device restarted (reset, pc 0x080012a4))" of the first fault on the first of these vectors that has
// one; else empty.
std::string said_of_first(const std::vector<SurvivedFault>& faults,
                          const std::vector<std::uint32_t>& vectors);

// Where the processor was, "0x080012a4", as evidence tells it: "pc=0x080012a4", "PC 0x080012a4". Empty when
// it does not.
std::string program_counter(const std::string& evidence);

// "the device crashed (reset: processor fault, PC 0x00006ea2, ...)": with the record where one was left.
std::string with_record(const Fault& fault);

}  // namespace tinyhil::gate
