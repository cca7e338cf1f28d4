// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "store/store.hpp"

namespace tinyhil::python {

// A store that several Python threads may read, one after the other.
struct SharedStore {
  explicit SharedStore(const std::filesystem::path& file)
      : store(Store::open(file, Store::Access::read_only)) {}

  Store store;
  std::mutex mutex;
};

}  // namespace tinyhil::python
