// SPDX-License-Identifier: Apache-2.0
#include "meter.hpp"

#include <algorithm>

namespace tinyhil::meter {

#define TINYHIL_DRIVER(name) \
  std::unique_ptr<Meter> make_##name(const Section& section, asio::any_io_executor executor);
#include "drivers.inc"
#undef TINYHIL_DRIVER

namespace {

struct Driver {
  const char* name;
  std::unique_ptr<Meter> (*make)(const Section&, asio::any_io_executor);
};

const std::vector<Driver>& drivers() {
  static const std::vector<Driver> all = {
#define TINYHIL_DRIVER(name) {#name, make_##name},
#include "drivers.inc"
#undef TINYHIL_DRIVER
  };
  return all;
}

}  // namespace

const char* to_string(GapCause cause) {
  switch (cause) {
    case GapCause::counter:
      return "counter";
    case GapCause::clock:
      return "clock";
    case GapCause::corrupted:
      return "corrupted";
    case GapCause::reported:
      return "reported";
    case GapCause::overcurrent:
      return "overcurrent";
  }
  return "unknown";
}

std::vector<std::string> meter_drivers() {
  std::vector<std::string> names;
  for (const Driver& driver : drivers()) names.emplace_back(driver.name);
  return names;
}

std::unique_ptr<Meter> open_meter(const Section& section, asio::any_io_executor executor) {
  const std::string name = section.choice("driver", meter_drivers());
  return std::ranges::find(drivers(), name, &Driver::name)->make(section, std::move(executor));
}

}  // namespace tinyhil::meter
