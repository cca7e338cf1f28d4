// SPDX-License-Identifier: Apache-2.0
#include "doctor_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "meter/usb_meter.hpp"
#include "probe/probe_kind.hpp"
#include "program_version.hpp"

namespace tinyhil::app {

namespace {

using host::Machine;
using host::UsbDevice;

struct Sight {
  const Machine& machine;
  std::vector<UsbDevice> devices;
  std::vector<UsbDevice> probes;
};

constexpr const char* kReadRules = "sudo udevadm control --reload && sudo udevadm trigger";

Check check_openocd(const std::string& search_path) {
  const auto program = host::find_program("openocd", search_path);
  if (!program) {
    return {"openocd", Health::problem, "OpenOCD is not installed, so that no debug probe is reached",
            "sudo apt install openocd"};
  }
  const auto version = openocd_version(*program);
  if (!version) {
    return {"openocd", Health::problem, program->string() + " does not tell its version",
            program->string() + " --version"};
  }
  if (*version < OpenOcdVersion{0, 12}) {
    return {"openocd", Health::problem,
            fmt::format("{} is {}.{}; 0.12 is needed", program->string(), version->major, version->minor),
            "sudo apt install openocd, from Debian 12 or later"};
  }
  return {"openocd", Health::ok, fmt::format("{}.{}, {}", version->major, version->minor, program->string())};
}

std::string rule_for(const UsbDevice& probe) {
  const std::string match = fmt::format(
      "SUBSYSTEM==\"usb|hidraw\", ATTRS{{idVendor}}==\"{:04x}\", "
      "ATTRS{{idProduct}}==\"{:04x}\"",
      probe.vendor, probe.product);
  return fmt::format(
      "echo '{}, MODE=\"0660\", GROUP=\"plugdev\", TAG+=\"uaccess\"' | sudo tee "
      "/etc/udev/rules.d/70-tinyhil-probes.rules && {}",
      match, kReadRules);
}

Check check_rules(const Sight& sight) {
  for (const UsbDevice& probe : sight.probes) {
    if (host::udev_rule_for(sight.machine, probe.vendor)) continue;
    return {"udev rules", Health::problem, "no rule lets users open the probe " + describe(probe),
            rule_for(probe)};
  }
  if (sight.probes.empty()) {
    const auto file = host::udev_rule_for(sight.machine, 0x0483);
    if (!file) return {"udev rules", Health::note, "none for debug probes; OpenOCD's package brings them"};
    return {"udev rules", Health::ok, file->string()};
  }
  return {"udev rules", Health::ok,
          host::udev_rule_for(sight.machine, sight.probes.front().vendor)->string()};
}

// What gives this user a file: a group, if one has it.
std::string join(const std::filesystem::path& file, const std::string& otherwise) {
  const auto group = host::group_that_may_use(file);
  if (!group || *group == "root") return otherwise;
  return "sudo usermod -aG " + *group + " \"$USER\", then log out and in again";
}

std::vector<Check> check_probes(const Sight& sight) {
  std::vector<Check> checks;
  std::map<std::string, int> count;
  for (const UsbDevice& probe : sight.probes) ++count[probe.serial];
  for (const UsbDevice& probe : sight.probes) {
    const std::string name = probe::probe_kind(probe)->name + ", " + describe(probe);
    const auto closed = std::ranges::find_if(
        probe.nodes, [&](const std::string& node) { return !host::may_use(sight.machine.at(node)); });
    if (probe.serial.empty()) {
      checks.push_back({"probe", Health::problem, name + ": a bench names a probe by its serial number",
                        "bring the probe's firmware up to date with its maker's tool"});
    } else if (count[probe.serial] > 1) {
      checks.push_back({"probe", Health::problem, name + ": another probe has this serial number, too",
                        "unplug one of them, or give one another serial number with its maker's tool"});
    } else if (closed != probe.nodes.end()) {
      checks.push_back({"probe", Health::problem, name + ": this user may not open " + *closed,
                        join(sight.machine.at(*closed), kReadRules)});
    } else {
      checks.push_back({"probe", Health::ok, name});
    }
  }
  if (checks.empty()) checks.push_back({"probe", Health::note, "none is plugged in"});
  return checks;
}

void check_port(std::vector<Check>& checks, const Sight& sight, const host::SerialPort& port,
                const std::string& owner) {
  const std::string name = port.file + (owner.empty() ? "" : " (" + owner + ")");
  if (host::may_use(sight.machine.at(port.file))) {
    checks.push_back({"serial port", Health::ok, name});
    return;
  }
  checks.push_back({"serial port", Health::problem, name + ": this user may not open it",
                    join(sight.machine.at(port.file),
                         "sudo chgrp dialout " + port.file + " && sudo chmod g+rw " + port.file)});
}

std::vector<Check> check_ports(const Sight& sight) {
  std::vector<Check> checks;
  for (const UsbDevice& device : sight.devices)
    for (const host::SerialPort& port : device.ports) check_port(checks, sight, port, describe(device));
  if (checks.empty()) checks.push_back({"serial port", Health::note, "no USB device with one is plugged in"});
  return checks;
}

std::vector<Check> check_meters(const Sight& sight) {
  std::vector<Check> checks;
  for (const UsbDevice& device : sight.devices) {
    const auto meter = meter::usb_meter(device);
    if (meter) checks.push_back({"meter", Health::ok, meter->driver + " at " + meter->port.best_name()});
  }
  if (checks.empty()) checks.push_back({"meter", Health::note, "none is plugged in by USB"});
  return checks;
}

bool is_ignored(const Sight& sight, const UsbDevice& device, const host::SerialPort& port) {
  return host::has_udev_mark(sight.machine, device.about, "ID_MM_DEVICE_IGNORE") ||
         host::has_udev_mark(sight.machine, port.about, "ID_MM_DEVICE_IGNORE") ||
         host::has_udev_mark(sight.machine, port.about, "ID_MM_PORT_IGNORE");
}

Check check_modem_manager(const Sight& sight, const std::vector<std::string>& running) {
  if (std::ranges::find(running, "ModemManager") == running.end())
    return {"ModemManager", Health::ok, "does not run"};
  for (const UsbDevice& device : sight.devices) {
    for (const host::SerialPort& port : device.ports) {
      if (is_ignored(sight, device, port)) continue;
      return {"ModemManager", Health::problem,
              "runs, and may send to " + port.file + " when it is plugged in, as if it were a modem",
              "sudo systemctl mask --now ModemManager"};
    }
  }
  return {"ModemManager", Health::note, "runs; the ports that are plugged in are not its concern"};
}

// brltty takes adapters with these ids for Braille displays.
Check check_brltty(const Sight& sight, const std::vector<std::string>& running) {
  const bool runs = std::ranges::find(running, "brltty") != running.end();
  const auto taken = std::ranges::find_if(sight.devices, [](const UsbDevice& device) {
    const std::string ids = usb_ids(device);
    return device.ports.empty() && (ids == "1a86:7523" || ids == "10c4:ea60" || ids == "0403:6001");
  });
  if (!runs || taken == sight.devices.end()) return {"brltty", Health::ok, "takes no adapter"};
  return {"brltty", Health::problem, "runs, and " + describe(*taken) + " has no serial port",
          "sudo apt remove brltty, then plug the adapter in again"};
}

}  // namespace

const char* to_string(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::note:
      return "note";
    case Health::problem:
      return "problem";
  }
  return "?";
}

std::vector<Check> doctor_checks(const Machine& machine, const std::string& search_path) {
  Sight sight{machine, host::usb_devices(machine), {}};
  std::ranges::copy_if(sight.devices, std::back_inserter(sight.probes),
                       [](const UsbDevice& each) { return probe::probe_kind(each).has_value(); });
  const std::vector<std::string> running = host::running_programs(machine);
  std::vector<Check> checks = {check_openocd(search_path), check_rules(sight)};
  for (const auto& more : {check_probes(sight), check_ports(sight), check_meters(sight)})
    checks.insert(checks.end(), more.begin(), more.end());
  checks.push_back(check_modem_manager(sight, running));
  checks.push_back(check_brltty(sight, running));
  return checks;
}

}  // namespace tinyhil::app
