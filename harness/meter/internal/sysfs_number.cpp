// SPDX-License-Identifier: Apache-2.0
#include "sysfs_number.hpp"

#include <array>
#include <fstream>

#include "base/quantity.hpp"

namespace tinyhil::meter {

std::optional<std::string> read_attribute(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return std::nullopt;  // a pipe would wait
  std::ifstream stream(file, std::ios::binary);
  std::array<char, 65> text{};
  stream.read(text.data(), text.size());
  if (stream.bad() || stream.gcount() <= 0 || stream.gcount() == static_cast<std::streamsize>(text.size())) {
    return std::nullopt;
  }
  const std::string all(text.data(), static_cast<std::size_t>(stream.gcount()));
  return all.substr(0, all.find('\n'));
}

SysfsNumber read_number(const std::filesystem::path& file, std::int64_t low, std::int64_t high) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {NumberState::gone};
  const std::optional<std::string> text = read_attribute(file);
  const std::optional<std::int64_t> number = text ? parse_integer(*text) : std::nullopt;
  if (!number || *number < low || *number > high) return {NumberState::nonsense};
  return {NumberState::good, *number};
}

}  // namespace tinyhil::meter
