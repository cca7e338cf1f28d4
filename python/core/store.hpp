// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "store/run_store.hpp"

namespace tinyhil::python {

// A store that several Python threads may read, one after the other.
struct SharedStore {
  explicit SharedStore(const std::filesystem::path& file)
      : store(store::open_store(file, store::StoreAccess::read_only)) {}

  std::unique_ptr<store::RunStore> store;
  std::mutex mutex;
};

}  // namespace tinyhil::python
