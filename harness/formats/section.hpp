// SPDX-License-Identifier: Apache-2.0
// A mapping in a file that a user wrote. Reads typed values by key, remembers which keys were asked for, and
// reports with file and line: a missing key, a value of the wrong kind or unit, or, at finish(), a key that
// was never asked for together with the nearest valid one. Every call throws Error(usage) for these. Sections
// of one file share its tree: use them in one thread.
//
//   const Section file = Section::load("gate.yaml");
//   const double alpha = file.optional_ratio("alpha").value_or(0.05);  // `alpha: 5 %` -> 0.05
//   for (const Section& rule : file.sections("rules")) read_rule(rule);
//   file.finish();
//
// The YAML library stays in yaml_tree.cpp. Bounds: 1 MiB a file, 32 levels, 10,000 nodes; aliases are
// refused.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tinyhil {

struct ConfigNode;  // one node of the parsed file, yaml_tree.hpp

class Section {
 public:
  // The file's top level, which must be a mapping.
  static Section load(const std::filesystem::path& file);
  static Section parse(std::string_view yaml, std::string name);  // for tests and piped input
  // Of a file whose top level is a list of mappings.
  static std::vector<Section> load_list(const std::filesystem::path& file);

  bool has(std::string_view key) const;

  std::string text(std::string_view key) const;
  std::string text(std::string_view key, std::string_view fallback) const;
  // One of `allowed`; else an error that lists them and names the nearest.
  std::string choice(std::string_view key, const std::vector<std::string>& allowed) const;
  std::string choice(std::string_view key, const std::vector<std::string>& allowed,
                     std::string_view fallback) const;
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high) const;
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high,
                       std::int64_t fallback) const;
  bool boolean(std::string_view key, bool fallback) const;

  // Numbers with a unit, which is mandatory: "2 %" or "2%" -> 0.02; "20 ms"; "13 KiB" or "13000 B".
  double ratio(std::string_view key) const;
  std::optional<double> optional_ratio(std::string_view key) const;
  std::chrono::nanoseconds duration(std::string_view key) const;
  std::optional<std::chrono::nanoseconds> optional_duration(std::string_view key) const;
  std::uint64_t byte_count(std::string_view key) const;
  std::optional<std::uint64_t> optional_byte_count(std::string_view key) const;
  double years(std::string_view key) const;                            // "10 y"
  double charge_mah(std::string_view key) const;                       // "2040 mAh"
  double current_ua(std::string_view key) const;                       // "4 uA"
  double charge_uc(std::string_view key) const;                        // "30 uC"
  double energy_uj(std::string_view key) const;                        // "400 uJ"
  double temperature_c(std::string_view key) const;                    // "-10 C"
  double voltage_v(std::string_view key) const;                        // "3.3 V", "3300 mV"
  double number(std::string_view key, double low, double high) const;  // no unit: a quantile, a factor

  // A list of scalars; a single scalar counts as a list of one. Empty when the key is missing.
  std::vector<std::string> texts(std::string_view key) const;
  // A path, relative to the file's folder unless absolute.
  std::filesystem::path path(std::string_view key) const;
  std::optional<std::filesystem::path> optional_path(std::string_view key) const;

  Section section(std::string_view key) const;
  std::vector<Section> sections(std::string_view key) const;  // list of mappings
  std::vector<std::pair<std::string, Section>> named_sections(
      std::string_view key) const;  // mapping of mappings, in order

  // Every key with its value on one line, in the file's order: "[sex, accent]", "{board: m4}". This includes
  // keys that the caller does not know.
  std::vector<std::pair<std::string, std::string>> entries() const;

  // Call when everything was read: throws for the first key that was never asked for.
  void finish() const;

  // An Error(usage) at this section's, or one key's, place; for checks across keys.
  [[noreturn]] void fail(std::string what, std::string remedy) const;
  [[noreturn]] void fail_at(std::string_view key, std::string what, std::string remedy) const;

  std::string where() const;  // "campaign.yaml:12"
  const std::filesystem::path& folder() const;

 private:
  explicit Section(std::shared_ptr<const ConfigNode> node);

  const ConfigNode* find(std::string_view key) const;  // nullptr when missing
  const ConfigNode& need(std::string_view key) const;
  const std::string& scalar(const ConfigNode& node, std::string_view key) const;
  Section child(const ConfigNode& node, const std::string& what) const;
  void note_asked(std::string_view key) const;
  bool was_asked(std::string_view key) const;

  // shared: sections of one file share its tree, and outlive each other in no fixed order.
  std::shared_ptr<const ConfigNode> node_;
  std::shared_ptr<std::vector<std::string>> asked_;
};

}  // namespace tinyhil
