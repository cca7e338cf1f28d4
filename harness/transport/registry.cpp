// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/error.hpp"
#include "transport.hpp"

namespace tinyhil {

#define TINYHIL_DRIVER(name) std::unique_ptr<Transport> make_##name(asio::any_io_executor, const Section&);
#include "drivers.inc"
#undef TINYHIL_DRIVER

namespace {

struct Driver {
  const char* name;
  std::unique_ptr<Transport> (*make)(asio::any_io_executor, const Section&);
};

constexpr Driver kDrivers[] = {
#define TINYHIL_DRIVER(name) {#name, make_##name},
#include "drivers.inc"
#undef TINYHIL_DRIVER
};

}  // namespace

std::vector<std::string> transport_drivers() {
  std::vector<std::string> names;
  for (const Driver& driver : kDrivers) names.emplace_back(driver.name);
  return names;
}

std::unique_ptr<Transport> open_transport(asio::any_io_executor executor, const std::string& driver,
                                          const Section& link) {
  const auto* found = std::ranges::find_if(kDrivers, [&](const Driver& each) { return each.name == driver; });
  if (found == std::end(kDrivers)) link.choice("driver", transport_drivers());  // throws, names the nearest
  return found->make(std::move(executor), link);
}

}  // namespace tinyhil
