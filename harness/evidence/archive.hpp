// SPDX-License-Identifier: Apache-2.0
// Files as one tar (POSIX ustar) and back. Writing is deterministic: files by ascending name, mode 0644,
// owner 0, time 0, two zero blocks at the end: the bytes of Python's tarfile in its USTAR format. Reading
// takes exactly what writing gives, so that nothing can hide in a header, between files or behind the last
// one. Everything is in memory. Example:
//
//   const Files same = read_archive(write_archive({{"gate.yaml", policy}, {"results.db", database}}));
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tinyhil::evidence {

using Files = std::map<std::string, std::string>;  // name -> content

inline constexpr std::size_t kArchiveFilesMax = 1000;
inline constexpr std::size_t kArchiveSizeMax = std::size_t{4} << 30;

// Asserts good names: 1 to 100 of a-z A-Z 0-9 . _ - and single slashes inside, no part beginning with a dot.
std::string write_archive(const Files& files);

// Throws Error(fail), whose `where` is the name of the file or the offset in the archive.
Files read_archive(std::string_view archive);

bool is_archive_name(std::string_view name);

}  // namespace tinyhil::evidence
