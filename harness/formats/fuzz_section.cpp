// SPDX-License-Identifier: Apache-2.0
// Any bytes as a YAML file: an Error or a Section whose every key can be asked for in every way.
#include <string_view>

#include "base/error.hpp"
#include "section.hpp"

namespace {

template <class Action>
void attempt(const Action& action) {
  try {
    action();
  } catch (const tinyhil::Error&) {
  }
}

void read_in_every_way(const tinyhil::Section& section, std::string_view key) {
  attempt([&] { section.text(key); });
  attempt([&] { section.texts(key); });
  attempt([&] { section.choice(key, {"a", "b"}); });
  attempt([&] { section.integer(key, -10, 10); });
  attempt([&] { section.boolean(key, true); });
  attempt([&] { section.ratio(key); });
  attempt([&] { section.duration(key); });
  attempt([&] { section.byte_count(key); });
  attempt([&] { section.number(key, 0, 1); });
  attempt([&] { section.path(key); });
  attempt([&] { section.sections(key); });
  attempt([&] { section.named_sections(key); });
  attempt([&] { read_in_every_way(section.section(key), key); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view yaml(reinterpret_cast<const char*>(bytes), size);
  attempt([&] {
    const auto section = tinyhil::Section::parse(yaml, "fuzz.yaml");
    attempt([&] { section.finish(); });
    for (const char* key : {"a", "bench", "models", "rules"}) read_in_every_way(section, key);
  });
  return 0;
}
