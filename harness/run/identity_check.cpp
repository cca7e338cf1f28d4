// SPDX-License-Identifier: Apache-2.0
#include "identity_check.hpp"

#include "model/error.hpp"

namespace tinyhil {

namespace {

// Scales travel as float32 through converters that may round the last bit.
bool same_quantisation(const Tensor& a, const Tensor& b) {
  return std::abs(a.scale - b.scale) <= 1e-6F * std::abs(b.scale) && a.zero_point == b.zero_point;
}

}  // namespace

void check_identity(const Board& board, const std::optional<FirmwareImage>& image,
                    const DeviceIdentity& device) {
  if (device.board.provenance != board.provenance) {
    throw Error(ExitCode::usage,
                std::string("the bench calls this board `") + to_string(board.provenance) +
                    "`, the device says it is `" + to_string(device.board.provenance) + "`",
                "board " + board.name,
                "correct `provenance` in the bench file: it is printed beside every number");
  }
  if (image && device.board.image != image->digest) {
    throw Error(ExitCode::wrong_image,
                "the device runs firmware " + device.board.image.short_hex() + ", the bench asks for " +
                    image->digest.short_hex(),
                image->file.string(),
                "flash the image that the bench names, or correct `image` in the bench file");
  }
}

void check_golden(const VectorSet& vectors, const ModelFile& model, const LoadedModel& loaded) {
  if (!model.golden) return;
  const std::size_t given = vectors.golden.at(*model.golden).bytes_each;
  if (given == loaded.output.bytes()) return;
  throw Error(ExitCode::usage,
              "`" + *model.golden + "` has " + std::to_string(given) + " bytes an output, model `" +
                  model.name + "` has " + std::to_string(loaded.output.bytes()),
              vectors.file.string(), "make the golden outputs with this model, in its output's type");
}

void check_input(const VectorSet& vectors, const ModelFile& model, const LoadedModel& loaded) {
  const Tensor& wanted = loaded.input;
  const Tensor& given = vectors.input;
  if (wanted.dtype != given.dtype || wanted.dims != given.dims) {
    throw Error(ExitCode::usage,
                "the vectors are " + given.shape() + ", model `" + model.name + "` takes " + wanted.shape(),
                vectors.file.string(), "make the vectors with the model's own preprocessing");
  }
  if (given.scale != 0 && !same_quantisation(given, wanted)) {
    throw Error(ExitCode::usage,
                "the vectors are quantised with scale " + std::to_string(given.scale) + ", zero point " +
                    std::to_string(given.zero_point) + "; model `" + model.name + "` expects " +
                    std::to_string(wanted.scale) + ", " + std::to_string(wanted.zero_point),
                vectors.file.string(),
                "quantise the vectors with the model's own input scale and zero point");
  }
}

}  // namespace tinyhil
