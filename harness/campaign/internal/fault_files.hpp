// SPDX-License-Identifier: Apache-2.0
// Files that say more of a fault than its words, kept beside the store: core dumps and logs. Example:
//
//   FaultFiles files(faults_beside(store.place()), "m4");
//   fault.evidence += "; " + files.keep_core(7, elf_core(dump));
//   // "core dump faults/run-7-m4-1.core (SHA-256 ab12...)"
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace tinyhil::campaign {

std::filesystem::path faults_beside(const std::filesystem::path& store);  // a folder

class FaultFiles {
 public:
  FaultFiles(std::filesystem::path folder, std::string board);

  // A file of which nothing is there yet, for the logs of this execution: "faults/m4-1.log".
  std::filesystem::path new_log() const;
  // `run` is 0 before its first result is stored. Says under which name, from the store's folder on, and with
  // which digest it was kept; or why it was not. One execution keeps 20 of a board: who crashes more often
  // crashes alike. Never throws for the disk.
  std::string keep_core(std::int64_t run, std::span<const std::uint8_t> file);

 private:
  std::filesystem::path free_name(const std::string& of_run, const char* ending) const;

  std::filesystem::path folder_;
  std::string board_;
  int kept_ = 0;
};

}  // namespace tinyhil::campaign
