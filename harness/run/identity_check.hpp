// SPDX-License-Identifier: Apache-2.0
// Is this the board, the firmware and the model that the user asked for? Each check throws Error when not.
#pragma once

#include <optional>

#include "link/agent_link.hpp"
#include "model/bench.hpp"
#include "model/campaign.hpp"
#include "model/firmware_image.hpp"
#include "model/vector_set.hpp"

namespace tinyhil {

// Error(wrong_image) when the device runs another firmware than the bench names; Error(usage) when the bench
// calls an emulated board a real one, or the like.
void check_identity(const Board& board, const std::optional<FirmwareImage>& image,
                    const DeviceIdentity& device);

// Error(usage) unless the model takes vectors of this type, shape and quantisation.
void check_input(const VectorSet& vectors, const ModelFile& model, const LoadedModel& loaded);

// Error(usage) unless the model's golden outputs, where it names some, are as large as its own.
void check_golden(const VectorSet& vectors, const ModelFile& model, const LoadedModel& loaded);

}  // namespace tinyhil
