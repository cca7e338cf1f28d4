// SPDX-License-Identifier: Apache-2.0
#include "yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <sstream>
#include <utility>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kDepthMax = 32;
constexpr std::size_t kNodesMax = 10'000;

struct ConfigTree {
  ConfigFile file;
  ConfigNode root;
};

// Builds the tree from the parser's events, so that every bound is checked before the memory is used.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(ConfigTree& tree) : tree_(tree) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (nodes_ > 0)
      refuse(mark.line, "a second document begins here", "keep one document a file; remove the `---`");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { value(mark, ConfigNode::Kind::null); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark.line, "aliases (`*name`) are not supported", "write the value out");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& text) override {
    check_tag(mark, tag);
    if (awaits_key()) return key(mark, text);
    value(mark, ConfigNode::Kind::scalar).text = text;
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    check_tag(mark, tag);
    open(mark, ConfigNode::Kind::list);
  }
  void OnSequenceEnd() override { open_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    check_tag(mark, tag);
    open(mark, ConfigNode::Kind::mapping);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  [[noreturn]] void refuse(int line, std::string what, std::string remedy) const {
    throw Error(ErrorKind::usage, std::move(what), tree_.file.name + ':' + std::to_string(line + 1),
                std::move(remedy));
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) const {
    const bool written = !tag.empty() && tag != "?" && tag != "!";
    if (written) refuse(mark.line, "tags (`!name`) are not supported", "remove the tag");
  }

  bool awaits_key() const {
    return !open_.empty() && open_.back()->kind == ConfigNode::Kind::mapping &&
           open_.back()->keys.size() == open_.back()->children.size();
  }

  void key(const YAML::Mark& mark, const std::string& name) {
    ConfigNode& mapping = *open_.back();
    const auto same = std::find(mapping.keys.begin(), mapping.keys.end(), name);
    if (same != mapping.keys.end()) {
      const int line = mapping.key_lines[static_cast<std::size_t>(same - mapping.keys.begin())];
      refuse(mark.line, "key `" + name + "` is given twice",
             "remove one of the two; the first is on line " + std::to_string(line));
    }
    mapping.keys.push_back(name);
    mapping.key_lines.push_back(mark.line + 1);
  }

  ConfigNode& value(const YAML::Mark& mark, ConfigNode::Kind kind) {
    if (awaits_key()) refuse(mark.line, "a key is missing or not text", "write `key: value`");
    if (++nodes_ > kNodesMax)
      refuse(mark.line, "more than 10,000 values in one file", "split the file, or check what wrote it");
    ConfigNode& node = open_.empty() ? tree_.root : open_.back()->children.emplace_back();
    node.kind = kind;
    node.line = mark.line + 1;
    node.file = &tree_.file;
    return node;
  }

  void open(const YAML::Mark& mark, ConfigNode::Kind kind) {
    if (open_.size() >= kDepthMax)
      refuse(mark.line, "more than 32 levels of nesting", "check the brackets and the indentation");
    open_.push_back(&value(mark, kind));
  }

  ConfigTree& tree_;
  // Pointers into the tree: only the innermost open node grows, so those above it stay where they are.
  std::vector<ConfigNode*> open_;
  std::size_t nodes_ = 0;
};

void parse_into(ConfigTree& tree, std::string_view yaml) {
  std::istringstream stream{std::string(yaml)};
  TreeBuilder builder(tree);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    throw Error(ErrorKind::usage, "not valid YAML: " + error.msg,
                tree.file.name + ':' + std::to_string(error.mark.line + 1),
                "check indentation, quotes and brackets on this line and the one before");
  }
}

}  // namespace

std::shared_ptr<const ConfigNode> parse_yaml(std::string_view yaml, ConfigFile file) {
  if (!is_utf8(yaml))
    throw Error(ErrorKind::usage, "not UTF-8 text", file.name, "save the file as UTF-8 text");
  auto tree = std::make_shared<ConfigTree>();
  tree->file = std::move(file);
  parse_into(*tree, yaml);
  if (tree->root.kind == ConfigNode::Kind::null)
    throw Error(ErrorKind::usage, "the file is empty", tree->file.name, "write at least one `key: value`");
  return {tree, &tree->root};
}

}  // namespace tinyhil
