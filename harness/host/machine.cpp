// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/visible.hpp"

namespace tinyhil::host {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kEntriesMost = 4096;
constexpr std::size_t kLineMost = 256;
constexpr std::size_t kRulesMost = 1 << 20;  // bytes of a file of rules
constexpr std::array kRuleFolders = {"/usr/lib/udev/rules.d", "/lib/udev/rules.d", "/run/udev/rules.d",
                                     "/etc/udev/rules.d"};

std::string content_of(const fs::path& file, std::size_t most) {
  std::error_code none;
  if (fs::is_fifo(file, none)) return {};
  std::ifstream stream(file, std::ios::binary);
  std::string text(most, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(most));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  return text;
}

bool is_number(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

fs::path Machine::at(const std::string& path) const {
  return root / path.substr(path.starts_with('/') ? 1 : 0);
}

std::string first_line(const fs::path& file) {
  const std::string text = content_of(file, kLineMost);
  return visible_line(text.substr(0, text.find('\n')));
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
    if (found.size() == kEntriesMost) break;
    found.push_back(each->path());
  }
  std::ranges::sort(found);
  return found;
}

bool may_use(const fs::path& file) {
  return ::faccessat(AT_FDCWD, file.c_str(), R_OK | W_OK, AT_EACCESS) == 0;
}

std::optional<std::string> group_that_may_use(const fs::path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0 || (about.st_mode & 060) != 060) return std::nullopt;
  const group* entry = ::getgrgid(about.st_gid);
  return entry != nullptr ? std::string(entry->gr_name) : std::to_string(about.st_gid);
}

std::vector<std::string> running_programs(const Machine& machine) {
  std::vector<std::string> names;
  for (const fs::path& process : entries_of(machine.at("/proc"))) {
    if (is_number(process.filename())) names.push_back(first_line(process / "comm"));
  }
  return names;
}

std::optional<fs::path> udev_rule_for(const Machine& machine, std::uint16_t vendor) {
  std::array<char, 8> digits{};
  std::snprintf(digits.data(), digits.size(), "%04x", vendor);
  std::optional<fs::path> found;
  for (const char* folder : kRuleFolders) {
    for (const fs::path& file : entries_of(machine.at(folder))) {
      if (file.extension() != ".rules") continue;
      std::istringstream text(content_of(file, kRulesMost));
      for (std::string line; std::getline(text, line);) {
        const bool speaks_of_it =
            line.find("idVendor}==\"" + std::string(digits.data())) != std::string::npos;
        const bool opens =
            line.find("MODE") != std::string::npos || line.find("uaccess") != std::string::npos;
        if (!line.starts_with('#') && speaks_of_it && opens) found = file;
      }
    }
  }
  return found;
}

bool has_udev_mark(const Machine& machine, const fs::path& device, const std::string& property) {
  const std::string number = first_line(device / "dev");  // "189:4"
  if (number.empty() || number.find('/') != std::string::npos) return false;
  const fs::path record = machine.at("/run/udev/data/") / ("c" + number);
  std::istringstream text(content_of(record, kRulesMost));
  for (std::string line; std::getline(text, line);)
    if (line == "E:" + property + "=1") return true;
  return false;
}

std::optional<fs::path> find_program(const std::string& name, const std::string& search_path) {
  std::istringstream folders(search_path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    fs::path file = fs::path(folder.empty() ? "." : folder) / name;
    std::error_code none;
    if (fs::is_regular_file(file, none) && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return std::nullopt;
}

}  // namespace tinyhil::host
