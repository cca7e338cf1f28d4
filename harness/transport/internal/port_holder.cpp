// SPDX-License-Identifier: Apache-2.0
#include "port_holder.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>

#include "base/visible.hpp"

namespace tinyhil::transport {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kCommandMax = 80;
constexpr std::size_t kHoldersMax = 3;

bool is_number(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

std::string command_of(const fs::path& process) {
  std::array<char, kCommandMax> text{};
  std::ifstream file(process / "cmdline", std::ios::binary);
  file.read(text.data(), text.size());
  std::string command(text.data(), static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  while (command.ends_with('\0')) command.pop_back();
  std::ranges::replace(command, '\0', ' ');
  return visible_line(command);
}

// By the names behind the links: asking for the files themselves may hang on a dead network drive.
bool holds(const fs::path& process, const fs::path& device) {
  std::error_code error;
  for (fs::directory_iterator at(process / "fd", error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    std::error_code gone;
    if (fs::read_symlink(at->path(), gone) == device) return true;
  }
  return false;
}

std::string describe(const fs::path& process) {
  const std::string command = command_of(process);
  return "process " + process.filename().string() + (command.empty() ? "" : " (" + command + ")");
}

}  // namespace

std::string port_holders(const fs::path& port) {
  std::error_code error;
  const fs::path device = fs::canonical(port, error);
  if (error) return "";
  std::string holders;
  std::size_t count = 0;
  for (fs::directory_iterator at("/proc", error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    if (!is_number(at->path().filename().string()) || !holds(at->path(), device)) continue;
    if (count++ > 0) holders += ", ";
    holders += describe(at->path());
    if (count == kHoldersMax) break;
  }
  return holders;
}

}  // namespace tinyhil::transport
