// SPDX-License-Identifier: Apache-2.0
// Any bytes as a bundle: an Error, or files that give the same bytes again and are checked against their
// manifest.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view archive(reinterpret_cast<const char*>(bytes), size);
  try {
    const tinyhil::evidence::Files files = tinyhil::evidence::read_archive(archive);
    if (tinyhil::evidence::write_archive(files) != archive) std::abort();
    tinyhil::evidence::check_bundle(files, {"statement.json", "detail.json"}, nullptr);
  } catch (const tinyhil::Error&) {
  }
  return 0;
}
