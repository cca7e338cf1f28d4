// SPDX-License-Identifier: Apache-2.0
#include "flash_tool.hpp"

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "base/temporary_folder.hpp"
#include "formats/flash_segment.hpp"
#include "probe/internal/flash_templates.hpp"
#include "probe/internal/gdb_flash.hpp"
#include "probe/program_run.hpp"

namespace tinyhil::probe {

namespace {

using std::chrono::milliseconds;
namespace fs = std::filesystem;

constexpr milliseconds kUsualLimit{120'000};
constexpr const char* kGdb = "gdb";

struct ProgramSettings {
  std::string program;
  FlashValues values;
  milliseconds limit = kUsualLimit;
};

// A script is lines for a program that takes quotes, so that no path may end them.
std::string script_of(const std::string& lines, const FlashValues& values) {
  std::string script;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    const auto words = filled(std::string_view(lines).substr(begin, end - begin), values);
    for (std::size_t i = 0; words && i < words->size(); ++i) script += (i > 0 ? " " : "") + (*words)[i];
    if (words && !words->empty()) script += '\n';
    begin = end + 1;
  }
  return script;
}

class ProgramTool : public FlashTool {
 public:
  ProgramTool(const FlashTemplate& tool, ProgramSettings settings)
      : tool_(tool), settings_(std::move(settings)) {}

  Result<void> flash(const fs::path& image) override { return put(image, settings_.values); }

  Result<void> erase_and_flash(const fs::path& image) override {
    FlashValues values = settings_.values;
    values["erase"] = tool_.erase;
    return put(image, std::move(values));
  }

  Result<void> reset() override {
    if (tool_.reset.empty()) {
      return Fault{FaultKind::refused,
                   tool_.tool + " cannot reset a board without flashing it",
                   {},
                   "give another `tool`, or `reset` of the board's link"};
    }
    return run(tool_.reset, tool_.reset_script, settings_.values);
  }

  std::string describe() const override { return settings_.program; }

 private:
  Result<void> put(const fs::path& image, FlashValues values) {
    check_file(image, kFlashMax * 8, "firmware image");
    values["image"] = fs::absolute(image).string();
    if (!tool_.flash_script.empty() && values["image"].find_first_of("\"\n\r") != std::string::npos) {
      throw Error(ErrorKind::usage, tool_.tool + " takes no file with quotes or line breaks in its name",
                  image.string(), "rename it");
    }
    const Result<void> done = run(tool_.flash, tool_.flash_script, std::move(values));
    return done && !tool_.resets_after_flash ? reset() : done;
  }

  Result<void> run(const std::string& words, const std::string& lines, FlashValues values) const {
    const TemporaryFolder folder;
    if (!lines.empty()) values["script"] = folder.write("script", script_of(lines, values)).string();
    std::vector<std::string> command = filled(words, values).value();
    command.insert(command.begin(), settings_.program);
    return run_program(command, settings_.limit);
  }

  const FlashTemplate& tool_;
  ProgramSettings settings_;
};

// Beside the bench file when it names a path.
std::string read_program(const Section& section, const std::string& usual) {
  std::string program = section.text("program", usual);
  if (program.find('/') == std::string::npos) return program;
  return fs::absolute(section.folder() / program).lexically_normal().string();
}

// No value is taken for an option of the program.
std::string read_value(const Section& section, const std::string& key) {
  if (key == "build") return fs::absolute(section.path(key)).string();
  std::string value = section.text(key);
  const bool is_printable = std::ranges::all_of(value, [](unsigned char each) { return each >= 0x20; });
  if (value.empty() || value.starts_with('-') || !is_printable) {
    section.fail_at(key, "`" + key + "` is empty, begins with a dash or has a control character",
                    "write for example `" + key + ": nRF52840_xxAA`");
  }
  return value;
}

milliseconds read_limit(const Section& section) {
  const auto limit = section.optional_duration("timeout");
  if (!limit) return kUsualLimit;
  if (*limit < milliseconds(1))
    section.fail_at("timeout", "`timeout` is shorter than 1 ms", "write for example 60 s");
  return std::chrono::duration_cast<milliseconds>(*limit);
}

std::unique_ptr<FlashTool> program_tool(const FlashTemplate& tool, const Section& section) {
  ProgramSettings settings;
  settings.program = read_program(section, tool.program);
  settings.limit = read_limit(section);
  const FlashKeys keys = keys_of(tool);
  for (const std::string& key : keys.required) settings.values[key] = read_value(section, key);
  for (const std::string& key : keys.optional)
    if (section.has(key)) settings.values[key] = read_value(section, key);
  section.finish();
  return std::make_unique<ProgramTool>(tool, std::move(settings));
}

}  // namespace

std::vector<std::string> flash_tools() {
  std::vector<std::string> names;
  for (const FlashTemplate& tool : flash_templates()) names.push_back(tool.tool);
  names.emplace_back(kGdb);
  return names;
}

std::unique_ptr<FlashTool> flash_tool(const Section& section) {
  const std::string name = section.choice("tool", flash_tools());
  if (name == kGdb) return gdb_flash_tool(section);
  return program_tool(*std::ranges::find(flash_templates(), name, &FlashTemplate::tool), section);
}

}  // namespace tinyhil::probe
