// SPDX-License-Identifier: Apache-2.0
#include "campaign.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "base/nearest.hpp"
#include "campaign_within.hpp"
#include "formats/firmware_image.hpp"
#include "formats/section.hpp"
#include "formats/tflite_graph.hpp"
#include "limits.hpp"
#include "model/internal/name.hpp"

namespace tinyhil {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kYamlSizeMax = 1u << 20;
constexpr std::size_t kVectorFileSizeMax = std::size_t{1} << 30;

std::vector<std::string> names_of(const std::vector<ModelFile>& models) {
  std::vector<std::string> names;
  for (const ModelFile& model : models) names.push_back(model.name);
  return names;
}

void read_place(const Section& entry, ModelFile& model) {
  model.is_image = entry.has("image");
  if (model.is_image && entry.has("file"))
    entry.fail_at(
        "image", "a model is a `file` or in an `image`, not both",
        "keep `file` for an engine that loads models, `image` for a model compiled into the firmware");
  model.file = entry.path(model.is_image ? "image" : "file");
}

std::vector<ModelFile> read_models(const Section& section) {
  std::vector<ModelFile> models;
  for (const auto& [name, entry] : section.named_sections("models")) {
    check_name(entry, "model", name);
    ModelFile model;
    model.name = name;
    read_place(entry, model);
    if (entry.has("golden")) model.golden = entry.text("golden");
    entry.finish();
    models.push_back(std::move(model));
  }
  if (models.empty()) section.fail_at("models", "there are no models", "name the baseline and a candidate");
  if (models.size() > kModelsMax)
    section.fail_at("models", "more than 100 models", "split the campaign into several files");
  return models;
}

void check_known(const Section& section, std::string_view key, const std::string& name,
                 const std::vector<std::string>& models) {
  if (std::find(models.begin(), models.end(), name) == models.end())
    section.fail_at(key, "there is no model `" + name + '`', suggestion(name, models));
}

void check_roles(const Section& section, const Campaign& campaign) {
  const auto models = names_of(campaign.models);
  check_known(section, "baseline", campaign.baseline, models);
  if (campaign.candidates.empty())
    section.fail_at("candidates", "there are no candidates",
                    "name at least one model to hold against the baseline");
  for (auto name = campaign.candidates.begin(); name != campaign.candidates.end(); ++name) {
    check_known(section, "candidates", *name, models);
    if (*name == campaign.baseline)
      section.fail_at("candidates", "candidate `" + *name + "` is the baseline itself",
                      "remove it, or name another baseline");
    if (std::find(campaign.candidates.begin(), name, *name) != name)
      section.fail_at("candidates", "candidate `" + *name + "` is named twice", "remove one of the two");
  }
}

std::optional<std::chrono::milliseconds> read_wait(const Section& section, std::string_view key) {
  const auto wait = section.optional_duration(key);
  if (!wait) return std::nullopt;
  if (*wait < 1ms)
    section.fail_at(key, '`' + std::string(key) + "` is shorter than 1 ms", "write 1 ms or more");
  return std::chrono::duration_cast<std::chrono::milliseconds>(*wait);
}

void read_way_of_running(const Section& section, Campaign& campaign) {
  if (section.choice("mode", {"measure", "throughput"}, "measure") == "throughput")
    campaign.mode = RunMode::throughput;
  if (section.choice("order", {"abba", "sequential"}, "abba") == "sequential")
    campaign.order = Order::sequential;
}

void read_results(const Section& section, Campaign& campaign) {
  const std::string form = section.choice("results", {"full", "digest", "top-k"}, "full");
  if (form == "digest") campaign.results = ResultForm::digest;
  if (form == "top-k") campaign.results = ResultForm::top_k;
  if (campaign.results == ResultForm::top_k) {
    campaign.top_k = static_cast<std::uint16_t>(section.integer("top_k", 1, kTopKMax));
  } else if (section.has("top_k")) {
    section.fail_at("top_k", "`top_k` is given, but the results are `" + form + '`',
                    "write `results: top-k`, or remove `top_k`");
  }
  const TaskTraits task = campaign.task->traits();
  if (campaign.results == ResultForm::top_k && !task.class_is_largest)
    section.fail_at("results",
                    "the largest elements of an output do not tell how well a " + task.kind + " is done",
                    "write `results: full`");
}

bool takes_part(const Campaign& campaign, const std::string& model) {
  const auto& candidates = campaign.candidates;
  return model == campaign.baseline ||
         std::find(candidates.begin(), candidates.end(), model) != candidates.end();
}

// A digest alone does not tell what an output is: only that it is the one expected.
void check_digests(const Section& section, const Campaign& campaign) {
  if (campaign.results != ResultForm::digest) return;
  for (const ModelFile& model : campaign.models) {
    if (model.golden || !takes_part(campaign, model.name)) continue;
    section.fail_at("results",
                    "digests are held against golden outputs, but model `" + model.name + "` names none",
                    "add `golden` to the model, or write `results: full`");
  }
}

std::vector<HostOutputs> host_outputs_of(const Campaign& campaign) {
  std::vector<HostOutputs> list = {{campaign.baseline, campaign.model(campaign.baseline).golden}};
  for (const std::string& name : campaign.candidates) list.push_back({name, campaign.model(name).golden});
  return list;
}

void read_keys(const Section& section, Campaign& campaign) {
  campaign.name = section.text("campaign");
  check_name(section, "campaign", campaign.name);  // reports lie in a folder of this name
  campaign.vectors = section.path("vectors");
  if (section.has("task")) campaign.task = make_task(section.section("task"));
  campaign.models = read_models(section);
  campaign.baseline = section.text("baseline");
  campaign.candidates = section.texts("candidates");
  campaign.bench = section.optional_path("bench");
  campaign.policy = section.path("gate");
  campaign.repeats = static_cast<int>(section.integer("repeats", 1, kRepeatsMax, campaign.repeats));
  read_way_of_running(section, campaign);
  read_results(section, campaign);
  if (section.has("energy")) campaign.energy = read_energy_plan(section.section("energy"));
  campaign.inference_timeout = read_wait(section, "inference_timeout");
  campaign.time_limit = read_wait(section, "time_limit").value_or(campaign.time_limit);
  section.finish();
  check_roles(section, campaign);
  check_digests(section, campaign);
  campaign.host_outputs = host_outputs_of(campaign);
}

// Before any board is touched: a campaign must not stop after an hour because of a path.
void check_files(const Campaign& campaign) {
  check_file(campaign.vectors, kVectorFileSizeMax, "vector file");
  check_file(campaign.policy, kYamlSizeMax, "gate file");
}

void take_image(ModelFile& model) {
  model.image = load_firmware_image(model.file);
  model.digest = model.image->digest;
}

void load_models(Campaign& campaign) {
  std::erase_if(campaign.models, [&](const ModelFile& model) { return !takes_part(campaign, model.name); });
  for (ModelFile& model : campaign.models) {
    model.content = read_file(model.file, kModelSizeMax, model.is_image ? "firmware image" : "model file");
    if (model.content.empty())
      throw Error(ErrorKind::usage, "the model file is empty", model.file.string(), "export the model again");
    model.digest = sha256(model.content);
    if (model.is_image) take_image(model);
    model.graph = tflite_graph(model.content).value_or(model.digest);
  }
}

}  // namespace

const char* to_string(Order order) {
  switch (order) {
    case Order::abba:
      return "abba";
    case Order::sequential:
      return "sequential";
  }
  return "unknown";
}

const char* to_string(ResultForm results) {
  switch (results) {
    case ResultForm::full:
      return "full";
    case ResultForm::top_k:
      return "top-k";
    case ResultForm::digest:
      return "digest";
  }
  return "unknown";
}

std::string ModelFile::moved_name() const { return name + (is_image ? ".image" : ".tflite"); }

const ModelFile& Campaign::model(const std::string& wanted) const {
  const auto found = std::find_if(models.begin(), models.end(),
                                  [&](const ModelFile& model) { return model.name == wanted; });
  assert(found != models.end());
  return *found;
}

namespace {

Campaign read_campaign(const std::filesystem::path& file) {
  const auto content = read_file(file, kYamlSizeMax, "campaign file");
  const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
  Campaign campaign;
  campaign.file = file;
  campaign.digest = sha256(content);
  read_keys(Section::parse(text, file.string()), campaign);
  return campaign;
}

Campaign with_files(Campaign campaign) {
  check_files(campaign);
  load_models(campaign);
  return campaign;
}

}  // namespace

Campaign load_campaign(const std::filesystem::path& file) { return with_files(read_campaign(file)); }

namespace {

std::filesystem::path below(const std::filesystem::path& root, const std::filesystem::path& path) {
  const std::filesystem::path whole = path.lexically_normal();
  const std::filesystem::path relative = whole.lexically_relative(root.lexically_normal());
  const bool is_below = !relative.empty() && *relative.begin() != "..";
  return is_below ? whole : (root / whole.relative_path()).lexically_normal();
}

}  // namespace

Campaign load_campaign_within(const std::filesystem::path& file, const std::filesystem::path& root) {
  Campaign campaign = read_campaign(std::filesystem::absolute(file));
  campaign.vectors = below(root, campaign.vectors);
  campaign.policy = below(root, campaign.policy);
  for (ModelFile& model : campaign.models) model.file = below(root, model.file);
  campaign.bench.reset();
  return with_files(std::move(campaign));
}

Campaign load_campaign(const std::filesystem::path& file, const CampaignFiles& moved) {
  Campaign campaign = read_campaign(file);
  campaign.vectors = moved.vectors;
  campaign.policy = moved.policy;
  std::erase_if(campaign.candidates, [&](const std::string& name) {
    return std::find(moved.candidates.begin(), moved.candidates.end(), name) == moved.candidates.end();
  });
  for (ModelFile& model : campaign.models) model.file = moved.models / model.moved_name();
  return with_files(std::move(campaign));
}

}  // namespace tinyhil
