// SPDX-License-Identifier: Apache-2.0
// Is this the board, the firmware and the model that the user asked for? Each check throws Error when not.
#pragma once

#include "base/error.hpp"
#include "campaign/internal/image_match.hpp"
#include "model/bench.hpp"
#include "model/campaign.hpp"
#include "model/device.hpp"

namespace tinyhil::campaign {

// Error(wrong_image) when the device has another serial number; Error(usage) when the bench calls an emulated
// board a real one, or the like.
void check_identity(const Board& board, const DeviceIdentity& device);

// Error(wrong_image) when the device runs another firmware than the bench names.
void check_image(const FirmwareImage& image, const ImageMatch& match, const DeviceIdentity& device);

// What to throw when the device runs another firmware than a probe has just read back from its flash.
Error other_than_read_back(const FirmwareImage& image, const ImageMatch& match, const DeviceIdentity& device);

// What to throw for two boards of one bench that report the same serial number, which is not empty.
Error same_serial(const std::string& first, const BoardIdentity& second, const std::string& where);

// Error(usage) unless the model is what this device can run: a model file for an engine that loads models, a
// firmware image for one whose model is compiled in.
void check_kind(const ModelFile& model, const DeviceIdentity& device, const std::string& where);

// The same of all the campaign's models.
void check_kinds(const Campaign& campaign, const DeviceIdentity& device);

// What to throw when none of the campaign's images is on the device.
Error no_image(const Campaign& campaign, const DeviceIdentity& device);

// Error(usage) unless this is the board of the run's earlier trials: two images on two boards would be two
// benches, and the difference could come from either.
void check_same_board(const Campaign& campaign, const std::vector<Trial>& earlier,
                      const DeviceIdentity& device);

}  // namespace tinyhil::campaign
