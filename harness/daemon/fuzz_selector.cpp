// SPDX-License-Identifier: Apache-2.0
// Any bytes as a selector: an Error with a remedy, or a selector that reads its own text and stays in bounds.
#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"
#include "selector.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace tinyhil::daemon;
  try {
    const Selector selector = Selector::parse({reinterpret_cast<const char*>(bytes), size});
    const Selector again = Selector::parse(selector.text());
    const Labels labels = {{"board", "a"}, {"chip", "b"}};
    const bool same = again == selector && again.terms() == selector.terms() &&
                      again.matches(labels) == selector.matches(labels);
    if (!same || selector.terms().size() > kSelectorTermsMax) std::abort();
  } catch (const tinyhil::Error& error) {
    if (error.remedy().empty() || error.where().empty()) std::abort();
  }
  return 0;
}
