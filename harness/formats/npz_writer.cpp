// SPDX-License-Identifier: Apache-2.0
#include "npz_writer.hpp"

#include <zip.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

namespace tinyhil {
namespace {

constexpr std::size_t kAlignment = 64;   // of the values in a .npy file
constexpr std::size_t kPreamble = 10;    // magic, version, size of the header
constexpr time_t kNoTime = 315'532'800;  // 1980, the first that a zip can state

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string text = "(";
  for (const std::size_t size : shape) text += std::to_string(size) + ",";
  return text + ")";
}

std::string npy_of(const NpzArray& array) {
  std::string header =
      "{'descr': '" + array.descr + "', 'fortran_order': False, 'shape': " + shape_text(array.shape) + ", }";
  header.append(kAlignment - (kPreamble + header.size() + 1) % kAlignment, ' ');
  header += '\n';
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(header.size() & 0xFFU);
  file += static_cast<char>(header.size() >> 8U);
  return file + header + array.values;
}

[[noreturn]] void fail(const std::string& why) { throw std::runtime_error("no .npz can be made: " + why); }

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, DiscardArchive>;

// `content` is lent until the archive is closed.
void add_entry(zip_t* archive, const std::string& name, const std::string& content) {
  zip_source_t* const source = zip_source_buffer(archive, content.data(), content.size(), 0);
  const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    fail(zip_strerror(archive));
  }
  if (zip_file_set_mtime(archive, static_cast<zip_uint64_t>(index), kNoTime, 0) != 0)
    fail(zip_strerror(archive));
}

std::string content_of(zip_source_t* source) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_source_open(source) != 0 || zip_source_stat(source, &stat) != 0) fail("it cannot be read back");
  std::string content(stat.size, '\0');
  const zip_int64_t got = zip_source_read(source, content.data(), content.size());
  zip_source_close(source);
  if (got != static_cast<zip_int64_t>(content.size())) fail("it cannot be read back");
  return content;
}

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

}  // namespace

std::string npz_of(const std::vector<NpzArray>& arrays) {
  std::vector<std::string> files;
  for (const NpzArray& array : arrays) files.push_back(npy_of(array));
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, FreeSource> target(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!target) fail("no memory");
  zip_source_keep(target.get());  // the archive takes one of the two
  Archive archive(zip_open_from_source(target.get(), ZIP_CREATE | ZIP_TRUNCATE, &error));
  if (!archive) fail(zip_error_strerror(&error));
  for (std::size_t i = 0; i < arrays.size(); ++i) add_entry(archive.get(), arrays[i].name + ".npy", files[i]);
  if (zip_close(archive.get()) != 0) fail(zip_strerror(archive.get()));
  archive.release();
  return content_of(target.get());
}

NpzArray float_array(std::string name, std::vector<std::size_t> shape, const std::vector<float>& values) {
  return {std::move(name), "<f4", std::move(shape), bytes_of(values)};
}

NpzArray integer_array(std::string name, const std::vector<std::int32_t>& values) {
  return {std::move(name), "<i4", {values.size()}, bytes_of(values)};
}

NpzArray text_array(std::string name, const std::vector<std::string>& texts) {
  std::size_t width = 1;
  for (const std::string& text : texts) width = std::max(width, text.size());
  std::string values;
  for (const std::string& text : texts) values += text + std::string(width - text.size(), '\0');
  return {std::move(name), "|S" + std::to_string(width), {texts.size()}, std::move(values)};
}

}  // namespace tinyhil
