// SPDX-License-Identifier: Apache-2.0
// An .npz file: a zip of .npy files. Bounds: 1,000 arrays, 1 GiB unpacked, checked before memory is taken.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "npy.hpp"

struct zip;  // libzip

namespace tinyhil {

class Npz {
 public:
  // `file` is only for messages. Throws Error(usage), as does read().
  Npz(std::vector<std::uint8_t> content, std::string file);

  const std::vector<std::string>& names() const { return names_; }  // in the file's order, without ".npy"
  bool has(const std::string& name) const;
  NpyArray read(const std::string& name) const;     // must exist; unpacks now, checks the CRC
  NpyArray require(const std::string& name) const;  // the same; Error(usage) when it does not exist
  [[noreturn]] void refuse_missing(const std::string& name) const;  // that error

  const std::string& file() const { return file_; }

 private:
  struct Discard {
    void operator()(::zip* archive) const;
  };

  void index_entries();
  [[noreturn]] void damaged(const std::string& detail) const;

  std::string file_;
  std::vector<std::uint8_t> content_;  // lent to the archive
  std::unique_ptr<::zip, Discard> archive_;
  std::vector<std::string> names_;
  std::vector<std::uint64_t> sizes_;  // unpacked
};

}  // namespace tinyhil
