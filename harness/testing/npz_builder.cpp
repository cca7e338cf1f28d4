// SPDX-License-Identifier: Apache-2.0
#include "npz_builder.hpp"

#include <zip.h>

#include <stdexcept>

namespace tinyhil::test {

std::vector<std::uint8_t> npy(std::string_view descr, std::string_view shape, std::string_view values) {
  std::string header = "{'descr': '" + std::string(descr) +
                       "', 'fortran_order': False, 'shape': " + std::string(shape) + ", }\n";
  const auto size = static_cast<std::uint16_t>(header.size());
  std::string file = "\x93NUMPY\x01";
  file += '\0';
  file += static_cast<char>(size & 0xFF);
  file += static_cast<char>(size >> 8);
  file += header;
  file += values;
  return {file.begin(), file.end()};
}

std::vector<std::uint8_t> npz(const NpzEntries& entries) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* const archive = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error);
  if (archive == nullptr) throw std::runtime_error(zip_error_strerror(&error));
  zip_source_keep(target);
  for (const auto& [name, content] : entries) {
    zip_source_t* const source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(archive, (name + ".npy").c_str(), source, 0);
    // Stored, as np.savez does: tests find and change the content.
    if (index < 0 ||
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) != 0)
      throw std::runtime_error(zip_strerror(archive));
  }
  if (zip_close(archive) != 0) throw std::runtime_error(zip_strerror(archive));
  zip_stat_t stat;
  zip_stat_init(&stat);
  zip_source_open(target);
  zip_source_stat(target, &stat);
  std::vector<std::uint8_t> file(stat.size);
  const zip_int64_t got = zip_source_read(target, file.data(), file.size());
  zip_source_close(target);
  zip_source_free(target);
  if (got != static_cast<zip_int64_t>(file.size())) throw std::runtime_error("the zip cannot be read back");
  return file;
}

}  // namespace tinyhil::test
