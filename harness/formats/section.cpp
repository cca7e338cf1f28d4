// SPDX-License-Identifier: Apache-2.0
#include "section.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "base/nearest.hpp"
#include "formats/internal/yaml_tree.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kYamlSizeMax = 1u << 20;

std::string ticked(std::string_view key) { return '`' + std::string(key) + '`'; }

[[noreturn]] void refuse(const std::string& place, std::string what, std::string remedy) {
  throw Error(ErrorKind::usage, std::move(what), place, std::move(remedy));
}

std::string on_one_line(const ConfigNode& node) {
  if (node.kind == ConfigNode::Kind::scalar) return node.text;
  if (node.kind == ConfigNode::Kind::null) return "";
  const bool mapping = node.kind == ConfigNode::Kind::mapping;
  std::string text;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    text += i == 0 ? "" : ", ";
    if (mapping) text += node.keys[i] + ": ";
    text += on_one_line(node.children[i]);  // as deep as the parser lets a file nest
  }
  return mapping ? "{" + text + "}" : "[" + text + "]";
}

}  // namespace

Section::Section(std::shared_ptr<const ConfigNode> node)
    : node_(std::move(node)), asked_(std::make_shared<std::vector<std::string>>()) {
  if (node_->kind != ConfigNode::Kind::mapping)
    refuse(node_->place(), "this is not a mapping", "write `key: value` lines");
}

Section Section::load(const std::filesystem::path& file) {
  const auto content = read_file(file, kYamlSizeMax, "YAML file");
  return parse({reinterpret_cast<const char*>(content.data()), content.size()}, file.string());
}

Section Section::parse(std::string_view yaml, std::string name) {
  if (yaml.size() > kYamlSizeMax)
    refuse(name, "more than 1 MiB of YAML", "split the file, or check what wrote it");
  std::filesystem::path folder = std::filesystem::path(name).parent_path();
  return Section(parse_yaml(yaml, {std::move(name), std::move(folder)}));
}

std::vector<Section> Section::load_list(const std::filesystem::path& file) {
  const auto content = read_file(file, kYamlSizeMax, "YAML file");
  const std::string_view yaml{reinterpret_cast<const char*>(content.data()), content.size()};
  const auto list = parse_yaml(yaml, {file.string(), file.parent_path()});
  if (list->kind != ConfigNode::Kind::list)
    refuse(list->place(), "this is not a list", "begin each entry with `- `");
  std::vector<Section> entries;
  for (const ConfigNode& entry : list->children)
    entries.push_back(Section(std::shared_ptr<const ConfigNode>(list, &entry)));
  return entries;
}

void Section::note_asked(std::string_view key) const {
  if (!was_asked(key)) asked_->emplace_back(key);
}

bool Section::was_asked(std::string_view key) const {
  return std::find(asked_->begin(), asked_->end(), key) != asked_->end();
}

const ConfigNode* Section::find(std::string_view key) const {
  note_asked(key);
  const auto found = std::find(node_->keys.begin(), node_->keys.end(), key);
  if (found == node_->keys.end()) return nullptr;
  return &node_->children[static_cast<std::size_t>(found - node_->keys.begin())];
}

const ConfigNode& Section::need(std::string_view key) const {
  if (const ConfigNode* node = find(key)) return *node;
  // A required key is more often misspelt than forgotten: say so while the misspelt one is at hand.
  for (std::size_t i = 0; i < node_->keys.size(); ++i) {
    const std::string& present = node_->keys[i];
    if (was_asked(present) || !nearest(present, {std::string(key)})) continue;
    refuse(node_->file->name + ':' + std::to_string(node_->key_lines[i]), "unknown key " + ticked(present),
           "did you mean " + ticked(key) + "?");
  }
  fail("key " + ticked(key) + " is missing", "add a line `" + std::string(key) + ": ...`");
}

const std::string& Section::scalar(const ConfigNode& node, std::string_view key) const {
  if (node.kind == ConfigNode::Kind::null)
    refuse(node.place(), ticked(key) + " has no value", "write a value after the colon, or remove the key");
  if (node.kind != ConfigNode::Kind::scalar)
    refuse(node.place(), ticked(key) + " must be one value, not a list or mapping",
           "write `" + std::string(key) + ": value`");
  return node.text;
}

Section Section::child(const ConfigNode& node, const std::string& what) const {
  if (node.kind != ConfigNode::Kind::mapping)
    refuse(node.place(), what + " must be a mapping", "write `key: value` pairs, or {key: value}");
  return Section(std::shared_ptr<const ConfigNode>(node_, &node));
}

bool Section::has(std::string_view key) const { return find(key) != nullptr; }

Section Section::section(std::string_view key) const { return child(need(key), ticked(key)); }

std::vector<Section> Section::sections(std::string_view key) const {
  const ConfigNode& list = need(key);
  if (list.kind != ConfigNode::Kind::list)
    fail_at(key, ticked(key) + " must be a list", "begin each entry with `- `");
  std::vector<Section> entries;
  for (const ConfigNode& entry : list.children) entries.push_back(child(entry, "an entry of " + ticked(key)));
  return entries;
}

std::vector<std::pair<std::string, Section>> Section::named_sections(std::string_view key) const {
  const ConfigNode& mapping = need(key);
  if (mapping.kind != ConfigNode::Kind::mapping)
    fail_at(key, ticked(key) + " must be a mapping of names", "write `name: {key: value}` lines below it");
  std::vector<std::pair<std::string, Section>> entries;
  for (std::size_t i = 0; i < mapping.keys.size(); ++i)
    entries.emplace_back(mapping.keys[i], child(mapping.children[i], ticked(mapping.keys[i])));
  return entries;
}

std::vector<std::string> Section::texts(std::string_view key) const {
  const ConfigNode* node = find(key);
  if (node == nullptr) return {};
  if (node->kind != ConfigNode::Kind::list) return {scalar(*node, key)};
  std::vector<std::string> values;
  for (const ConfigNode& entry : node->children) values.push_back(scalar(entry, key));
  return values;
}

std::vector<std::pair<std::string, std::string>> Section::entries() const {
  std::vector<std::pair<std::string, std::string>> entries;
  for (std::size_t i = 0; i < node_->keys.size(); ++i)
    entries.emplace_back(node_->keys[i], on_one_line(node_->children[i]));
  return entries;
}

void Section::finish() const {
  for (std::size_t i = 0; i < node_->keys.size(); ++i) {
    const std::string& key = node_->keys[i];
    if (!was_asked(key)) fail_at(key, "unknown key " + ticked(key), suggestion(key, *asked_));
  }
}

void Section::fail(std::string what, std::string remedy) const {
  refuse(where(), std::move(what), std::move(remedy));
}

void Section::fail_at(std::string_view key, std::string what, std::string remedy) const {
  const auto found = std::find(node_->keys.begin(), node_->keys.end(), key);
  if (found == node_->keys.end()) fail(std::move(what), std::move(remedy));
  const int line = node_->key_lines[static_cast<std::size_t>(found - node_->keys.begin())];
  refuse(node_->file->name + ':' + std::to_string(line), std::move(what), std::move(remedy));
}

std::string Section::where() const { return node_->place(); }

const std::filesystem::path& Section::folder() const { return node_->file->folder; }

}  // namespace tinyhil
