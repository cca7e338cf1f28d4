// SPDX-License-Identifier: Apache-2.0
// What a user wants tested: campaign.yaml. Data, which threads may read side by side once it is loaded.
// Example:
//
//   const Campaign campaign = load_campaign("campaign.yaml");  // reads the model files, too
//   const ModelFile& baseline = campaign.model(campaign.baseline);
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "energy_plan.hpp"
#include "formats/firmware_image.hpp"
#include "task.hpp"
#include "trial.hpp"

namespace tinyhil {

struct ModelFile {
  std::string name;  // "shipped"
  std::filesystem::path file;
  std::optional<std::string> golden;  // array of the vector file with the expected outputs
  std::vector<std::uint8_t> content;  // read at load, at most kModelSizeMax
  Digest digest;                      // of the file; of an image, as FirmwareImage has it
  Digest graph;                       // of what it computes (tflite_graph.hpp), or `digest`
  bool is_image = false;              // a firmware with the model in it, not a model for an engine to load
  std::optional<FirmwareImage> image;

  std::string moved_name() const;  // among files of a campaign that were moved together
};

// What the host computed for a model beforehand.
struct HostOutputs {
  std::string model;
  std::optional<std::string> golden;  // array of the vector file
};

inline constexpr std::size_t kModelSizeMax = 64u << 20;

// In which order the models of a campaign see the vectors.
enum class Order {
  abba,        // all models resident, each vector run by all of them, forward then backward: drift cancels
  sequential,  // one model after the other
};

// What the device sends back of an output.
enum class ResultForm : std::uint8_t {
  full = 1,
  top_k = 2,   // the k largest elements
  digest = 3,  // a digest; the host fetches the output only where it is not the golden one
};

const char* to_string(Order order);
const char* to_string(ResultForm results);

struct Campaign {
  std::filesystem::path file;
  Digest digest;  // of the file's text
  std::string name;
  std::filesystem::path vectors;
  SharedTask task = classification();
  std::vector<ModelFile> models;  // every model named by baseline or candidates, in the file's order
  std::string baseline;
  std::vector<std::string> candidates;
  std::vector<HostOutputs> host_outputs;       // of baseline and all candidates of the file, asked for or not
  std::optional<std::filesystem::path> bench;  // default bench, overridden by --bench
  std::filesystem::path policy;                // gate.yaml
  int repeats = 1;
  RunMode mode = RunMode::measure;
  Order order = Order::abba;
  ResultForm results = ResultForm::full;
  std::uint16_t top_k = 0;                                     // with ResultForm::top_k: how many, else 0
  std::optional<EnergyPlan> energy;                            // nothing: no current is measured
  std::optional<std::chrono::milliseconds> inference_timeout;  // longer is a hang; nothing: it is learned
  std::chrono::milliseconds time_limit{3'600'000};             // of the whole campaign

  const ModelFile& model(const std::string& name) const;  // asserts that it exists
  // Whether its models are compiled into firmware images, which take turns on a board.
  bool compares_images() const { return !models.empty() && models.front().is_image; }
};

// Reads and checks the file and the models it names. Throws Error(usage) with file and line.
Campaign load_campaign(const std::filesystem::path& file);

// Where the files of a campaign lie when they are not where the campaign says: moved together, as evidence.
struct CampaignFiles {
  std::filesystem::path vectors;
  std::filesystem::path policy;
  std::filesystem::path models;         // folder: ModelFile::moved_name()
  std::vector<std::string> candidates;  // those of the campaign whose models came along
};
Campaign load_campaign(const std::filesystem::path& file, const CampaignFiles& moved);

}  // namespace tinyhil
