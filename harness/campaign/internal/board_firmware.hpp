// SPDX-License-Identifier: Apache-2.0
// The firmware of a board that has a debug probe: put there, and read back over the probe, so that the device
// is not its own witness. Each opening of the line is preceded by that. Example:
//
//   BoardFirmware firmware(board);
//   if (firmware.can_be_put()) firmware.want(model.file, *model.image);
//   firmware.prove();                     // in a thread that may wait
//   open_device(executor, board);
//   for (const Fault& proof : firmware.take_proofs()) note(proof);
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/fault.hpp"
#include "formats/firmware_image.hpp"
#include "model/bench.hpp"
#include "probe/openocd.hpp"

namespace tinyhil::campaign {

class BoardFirmware {
 public:
  // Lent; its `image` is changed by want(). Reads that image, opens nothing. Throws Error(usage) for one that
  // is to be put on the board (Board::is_put) and does not say where it lies.
  explicit BoardFirmware(Board& board);

  bool can_be_put() const { return probe_.has_value(); }

  // From now on the board has to run this one. The next prove() puts it there.
  void want(const FirmwareImage& image);

  // What has to be so before the board is measured; nothing where it has no probe, or no image is asked for.
  // Blocks, for as long as it takes to write the flash. The first time after want() the image is put there
  // unless it is there, every byte of it is read back, and the board is reset: what runs has started from
  // these bytes. Otherwise it is read back only, and the board left alone. Throws Error(wrong_image): another
  // content was read back, OpenOCD refuses the image, or the board is read-protected; Error(bench_fault).
  void prove();

  // What was read back since the last call, of kind `read_back`.
  std::vector<Fault> take_proofs();

 private:
  Board& board_;
  std::optional<probe::OpenOcdSettings> probe_;
  std::optional<FirmwareImage> wanted_;
  bool is_to_be_put_ = false;
  std::vector<Fault> proofs_;
};

}  // namespace tinyhil::campaign
