// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace peers {

// `--name value` pairs, then, after `--`, a command. Every throw is a std::runtime_error that names the
// option.
class Options {
 public:
  Options(int count, char** arguments, std::initializer_list<const char*> names);

  bool has(const std::string& name) const { return values_.count(name) != 0; }
  const std::string& text(const std::string& name) const;
  std::uint32_t number(const std::string& name) const;
  const std::vector<std::string>& command() const { return command_; }

 private:
  std::map<std::string, std::string> values_;
  std::vector<std::string> command_;
};

}  // namespace peers
