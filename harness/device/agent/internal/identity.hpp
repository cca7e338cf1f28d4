// SPDX-License-Identifier: Apache-2.0
// What a device says about itself and its models, in the host's words. Nothing it says is believed that could
// make the host allocate without bound.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "device/agent/agent_link.hpp"

namespace tinyhil::device {

Digest digest_of(const thil_digest& digest);
DeviceIdentity identity_of(const thil_identity& from);

// Of an `identity` in any version of the protocol, read from its payload; nothing when it is too short.
std::optional<std::uint8_t> version_of(std::span<const std::uint8_t> identity);
Fault other_version(unsigned version);

// Nothing when its tensors are cut short or too many, when one is of no known type, or when they are larger
// than what a run can bring home (output) or a slot hold (input).
std::optional<LoadedModel> model_of(const thil_loaded& from);

}  // namespace tinyhil::device
