// SPDX-License-Identifier: Apache-2.0
// Where a machine's own files are: its root folder, so that tests have a made-up one. What is read is
// bounded; what cannot be read is not there. Example:
//
//   const Machine machine;                       // this one
//   for (const std::string& name : running_programs(machine)) ...
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tinyhil::host {

struct Machine {
  std::filesystem::path root = "/";

  // "/dev/ttyACM0" in its tree.
  std::filesystem::path at(const std::string& path) const;
};

// The first line of a small file, made safe to print; empty when it cannot be read.
std::string first_line(const std::filesystem::path& file);

// The files and folders in a folder, by name, at most 4096 of them; none when there is no such folder.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder);

// Whether this user may read from it and write to it, also by an access list.
bool may_use(const std::filesystem::path& file);
// "dialout", or the number where it has no name; nothing when the file is not there, or when its group may
// not read and write it.
std::optional<std::string> group_that_may_use(const std::filesystem::path& file);

// The names of the processes that /proc shows.
std::vector<std::string> running_programs(const Machine& machine);

// The file of udev's rules that names a USB vendor; where several do, the one that is read last.
std::optional<std::filesystem::path> udev_rule_for(const Machine& machine, std::uint16_t vendor);
// Whether udev has noted this property, set to 1, of a device that its sysfs folder describes.
bool has_udev_mark(const Machine& machine, const std::filesystem::path& device, const std::string& property);

// A program in one of the folders of a search path such as $PATH.
std::optional<std::filesystem::path> find_program(const std::string& name, const std::string& search_path);

}  // namespace tinyhil::host
