// SPDX-License-Identifier: Apache-2.0
#include "identity_check.hpp"

#include "base/error.hpp"

namespace tinyhil::campaign {

void check_identity(const Board& board, const DeviceIdentity& device) {
  if (device.board.provenance != board.provenance) {
    throw Error(ErrorKind::usage,
                std::string("the bench calls this board `") + to_string(board.provenance) +
                    "`, the device says it is `" + to_string(device.board.provenance) + "`",
                "board " + board.name,
                "correct `provenance` in the bench file: it is printed beside every number");
  }
  if (!board.serial.empty() && device.board.serial != board.serial) {
    throw Error(ErrorKind::wrong_image,
                "the device says that its serial number is `" + device.board.serial +
                    "`, the bench asks for `" + board.serial + "`",
                "board " + board.name, "connect the board that the bench names, or correct `serial` there");
  }
}

void check_image(const FirmwareImage& image, const ImageMatch& match, const DeviceIdentity& device) {
  if (match.is_same) return;
  const bool is_blind = device.image.size == 0;
  throw Error(ErrorKind::wrong_image,
              "the device runs firmware " + device.board.image.short_hex() + ", the bench asks for " +
                  image.digest.short_hex() + (match.difference.empty() ? "" : ": " + match.difference),
              image.file.string(),
              is_blind ? "say where the image lies (thil_port_info_get), or leave `image` out of the bench"
                       : "flash the image that the bench names, or correct `image` in the bench file");
}

Error other_than_read_back(const FirmwareImage& image, const ImageMatch& match,
                           const DeviceIdentity& device) {
  return Error(ErrorKind::wrong_image,
               "the flash holds " + image.digest.short_hex() +
                   ", which a probe has read back, but the device "
                   "says that it runs " +
                   device.board.image.short_hex() + (match.difference.empty() ? "" : ": " + match.difference),
               image.file.string(),
               "check whether a boot loader starts another image, and what `thil_port_info_get` says of the "
               "image's place and size");
}

Error same_serial(const std::string& first, const BoardIdentity& second, const std::string& where) {
  return Error(
      ErrorKind::usage,
      "boards `" + first + "` and `" + second.name + "` have the same serial number, `" + second.serial + "`",
      where,
      "give each board a number of its own (thil_port_info_get), or correct the links: both may lead "
      "to one board");
}

namespace {

// The names of the campaign's images with their digests, for people.
std::string images_of(const Campaign& campaign) {
  std::string words;
  for (const ModelFile& model : campaign.models)
    words += (words.empty() ? "`" : ", `") + model.name + "` " + model.digest.short_hex();
  return words;
}

}  // namespace

void check_kind(const ModelFile& model, const DeviceIdentity& device, const std::string& where) {
  if (model.is_image == !device.loads_models) return;
  const std::string engine = "the engine `" + device.board.engine + "` of board `" + device.board.name + "` ";
  if (model.is_image) {
    throw Error(ErrorKind::usage, engine + "loads models, but `" + model.name + "` is a firmware image",
                where, "name the model: `" + model.name + ": {file: model.tflite}`");
  }
  throw Error(ErrorKind::usage,
              engine + "cannot load `" + model.name +
                  "`: whatever is asked of it, it runs the model that is "
                  "compiled into its firmware",
              where,
              "compare firmware images: `" + model.name +
                  ": {image: firmware.elf}`, one for each model "
                  "(docs/porting.md)");
}

void check_kinds(const Campaign& campaign, const DeviceIdentity& device) {
  for (const ModelFile& model : campaign.models) check_kind(model, device, campaign.file.string());
}

Error no_image(const Campaign& campaign, const DeviceIdentity& device) {
  return Error(ErrorKind::wrong_image,
               "board `" + device.board.name + "` runs firmware " + device.board.image.short_hex() +
                   ", which is none of the campaign's images: " + images_of(campaign),
               campaign.file.string(), "put one of the images on the board, then run again");
}

void check_same_board(const Campaign& campaign, const std::vector<Trial>& earlier,
                      const DeviceIdentity& device) {
  const BoardIdentity& now = device.board;
  for (const Trial& trial : earlier) {
    const BoardIdentity& then = trial.info.board;
    if (then.name == now.name && then.serial == now.serial) continue;
    throw Error(ErrorKind::usage,
                "image `" + trial.info.model + "` ran on board `" + then.name + "` (serial `" + then.serial +
                    "`), this is `" + now.name + "` (`" + now.serial + "`)",
                campaign.file.string(), "compare all images on one board, one after the other");
  }
}

}  // namespace tinyhil::campaign
