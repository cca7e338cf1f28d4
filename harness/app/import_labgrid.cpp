// SPDX-License-Identifier: Apache-2.0
// Places of labgrid. A place is a list of matches, exporter/group/class/name, and the exporter of the host
// says what each resource is.
#include <fmt/format.h>

#include <algorithm>

#include "formats/section.hpp"
#include "imported_bench.hpp"
#include "quoted.hpp"

namespace tinyhil::app {

namespace {

constexpr std::int64_t kSpeedMost = 12'000'000;

struct Resource {
  std::string group;
  std::string name;
  std::string resource_class;
  Section section;
};

std::optional<Section> loaded(const std::optional<std::filesystem::path>& exporter) {
  if (!exporter) return std::nullopt;
  return Section::load(*exporter);
}

// The name of a resource is its class where it says none.
std::vector<Resource> resources_of(const std::optional<Section>& exporter) {
  std::vector<Resource> resources;
  if (!exporter) return resources;
  for (const auto& [group, text] : exporter->entries()) {
    const Section members = exporter->section(group);
    for (const auto& [name, value] : members.entries()) {
      if (name == "location") continue;
      const Section section = members.section(name);
      resources.push_back({group, name, section.text("cls", name), section});
    }
  }
  return resources;
}

// labgrid's patterns are those of fnmatch; only `*` is in use.
bool fits(const std::string& pattern, const std::string& text) { return pattern == "*" || pattern == text; }

std::string pattern_in(const Section& match, const std::string& key) {
  const std::string pattern = text_if_any(match, key);
  return pattern.empty() ? "*" : pattern;
}

std::optional<std::int64_t> speed_of(const Section& resource) {
  if (!resource.has("speed")) return std::nullopt;
  return resource.integer("speed", 1, kSpeedMost);
}

// The port that udev's properties mean, as far as sysfs tells them.
const DeskPort* port_on(const Desk& desk, const Section& match) {
  for (const char* key : {"ID_SERIAL_SHORT", "@ID_SERIAL_SHORT"}) {
    if (!match.has(key)) continue;
    const std::string serial = match.text(key);
    const auto found = std::ranges::find_if(
        desk.ports, [&](const DeskPort& port) { return port.device && port.device->serial == serial; });
    if (found != desk.ports.end()) return &*found;
  }
  return nullptr;
}

void add_usb_port(ImportedBoard& board, const Resource& resource, const Desk& desk) {
  const bool says = resource.section.has("match");
  const DeskPort* port = says ? port_on(desk, resource.section.section("match")) : nullptr;
  if (port == nullptr) {
    board.notes.push_back(
        "its USB serial port is not plugged in, or named by more than its serial number; "
        "fill in PORT, as `tinyhil discover` lists it");
  } else {
    board.link = serial_link(port->port.best_name(), speed_of(resource.section));
  }
}

void add_network_port(ImportedBoard& board, const Section& resource) {
  const std::string host = resource.text("host", "127.0.0.1");
  const std::string protocol = resource.text("protocol", "rfc2217");
  const std::int64_t port = resource.integer("port", 1, 65535);
  if (protocol == "raw") {
    board.link = fmt::format("{{driver: tcp, host: {}, port: {}}}", quoted(host), port);
  } else {
    board.notes.push_back(
        fmt::format("its line is served as {} on {}:{}; have ser2net serve it raw, and use {{driver: tcp}}",
                    protocol, host, port));
  }
}

void add_resource(ImportedBoard& board, const Resource& resource, const Desk& desk) {
  if (!board.link.empty()) {
    board.notes.push_back("also: " + resource.group + "/" + resource.resource_class);
  } else if (resource.resource_class == "RawSerialPort") {
    board.link = serial_link(resource.section.text("port"), speed_of(resource.section));
  } else if (resource.resource_class == "NetworkSerialPort") {
    add_network_port(board, resource.section);
  } else if (resource.resource_class == "USBSerialPort") {
    add_usb_port(board, resource, desk);
  } else {
    board.notes.push_back("also: " + resource.group + "/" + resource.resource_class);
  }
}

void add_match(ImportedBoard& board, const Section& match, const std::vector<Resource>& resources,
               const Desk& desk) {
  const std::string group = pattern_in(match, "group");
  const std::string resource_class = pattern_in(match, "cls");
  const std::string name = pattern_in(match, "name");
  bool is_known = false;
  for (const Resource& resource : resources) {
    if (!fits(group, resource.group) || !fits(resource_class, resource.resource_class) ||
        !fits(name, resource.name))
      continue;
    is_known = true;
    add_resource(board, resource, desk);
  }
  if (is_known) return;
  board.notes.push_back(fmt::format("resource {}/{}/{}, which {}", pattern_in(match, "exporter"), group,
                                    resource_class,
                                    resources.empty() ? "an exporter's file would tell: --exporter FILE"
                                                      : "the exporter's file does not have"));
}

}  // namespace

std::vector<ImportedBoard> import_labgrid(const std::filesystem::path& places,
                                          const std::optional<std::filesystem::path>& exporter,
                                          const Desk& desk) {
  const std::optional<Section> configuration = loaded(exporter);
  const std::vector<Resource> resources = resources_of(configuration);
  const Section file = Section::load(places);
  std::vector<ImportedBoard> boards;
  for (const auto& [name, text] : file.entries()) {
    const Section place = file.section(name);
    ImportedBoard board{name};
    if (const std::string comment = text_if_any(place, "comment"); !comment.empty())
      board.notes.push_back(comment);
    if (place.has("tags"))
      for (const auto& [key, value] : place.section("tags").entries()) add_label(board, key, value);
    if (place.has("matches"))
      for (const Section& match : place.sections("matches")) add_match(board, match, resources, desk);
    if (board.link.empty()) board.notes.push_back("no line to its agent is known; fill in PORT");
    boards.push_back(std::move(board));
  }
  return boards;
}

}  // namespace tinyhil::app
