// SPDX-License-Identifier: Apache-2.0
#include "event_text.hpp"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace tinyhil::campaign {

namespace {

using Json = nlohmann::ordered_json;

// What is written with to_string(), read back. Throws for any other word.
template <class Enum>
Enum named(const Json& json, const char* key, std::initializer_list<Enum> all) {
  const auto word = json.at(key).get<std::string>();
  for (const Enum each : all)
    if (word == to_string(each)) return each;
  throw std::invalid_argument(word);
}

template <class T>
T value(const Json& json, const char* key) {
  return json.at(key).get<T>();
}

std::string text(const Json& json, const char* key) { return value<std::string>(json, key); }

template <class T>
std::optional<T> optional_value(const Json& json, const char* key) {
  const Json& found = json.at(key);
  return found.is_null() ? std::nullopt : std::optional(found.get<T>());
}

Json json_of(const Fault& fault) {
  return {{"kind", to_string(fault.kind)},
          {"what", fault.what},
          {"evidence", fault.evidence},
          {"remedy", fault.remedy}};
}

Fault fault_in(const Json& json) {
  using enum FaultKind;
  return {named(json, "kind", {timeout, corrupt, reset, refused, wrong_image, gone, remark, read_back}),
          text(json, "what"), text(json, "evidence"), text(json, "remedy")};
}

const char* role_name(TrialRole role) { return role == TrialRole::subject ? "subject" : "control"; }

TrialRole role_in(const Json& json) {
  const std::string word = text(json, "role");
  if (word != "subject" && word != "control") throw std::invalid_argument(word);
  return word == "subject" ? TrialRole::subject : TrialRole::control;
}

// One function an event: its fields, but for its name.
Json fields_of(const event::Greeted& event) {
  const BoardIdentity& board = event.board;
  return {{"board", board.name},
          {"kind", board.kind},
          {"serial", board.serial},
          {"engine", board.engine},
          {"build", board.build},
          {"provenance", to_string(board.provenance)},
          {"image", board.image.hex()},
          {"clock", board.clock},
          {"clock_hz", board.clock_hz},
          {"timer_hz", board.timer_hz},
          {"flash_size", board.flash_size},
          {"ram_size", board.ram_size}};
}

Json fields_of(const event::Preparing& event) { return {{"board", event.board}, {"model", event.model}}; }

Json fields_of(const event::Prepared& event) {
  return {{"board", event.board}, {"model", event.model}, {"arena_used", event.arena_used}};
}

Json fields_of(const event::Progressed& event) {
  Json json{{"board", event.board}, {"model", event.model}, {"done", event.done}, {"total", event.total}};
  if (event.scored == 0) return json;
  json["scored"] = event.scored;
  json["score_sum"] = event.score_sum;
  json["measure"] = event.measure;
  return json;
}

Json fields_of(const event::RowsStored& /*event*/) { return nullptr; }

Json fields_of(const event::FaultSurvived& event) {
  Json json{{"board", event.board}, {"model", event.model}, {"fault", json_of(event.fault.fault)}};
  json["vector"] = event.fault.vector ? Json(event.fault.vector->value) : Json(nullptr);
  json["of_the_device"] = event.fault.of_the_device;
  return json;
}

Json fields_of(const event::Quarantined& event) {
  return {{"board", event.board}, {"model", event.model}, {"vector", event.vector.value}};
}

Json fields_of(const event::TrialEnded& event) {
  Json json{{"board", event.board},
            {"model", event.model},
            {"role", role_name(event.role)},
            {"state", to_string(event.end.state)}};
  json["fault"] = event.end.fault ? json_of(*event.end.fault) : Json(nullptr);
  json["drawn"] = event.end.drawn ? Json(*event.end.drawn) : Json(nullptr);
  return json;
}

Json fields_of(const event::Metering& event) { return {{"board", event.board}}; }
Json fields_of(const event::BoardLeft& event) {
  return {{"board", event.board}, {"what", event.what}, {"where", event.where}, {"remedy", event.remedy}};
}
Json fields_of(const event::Looked& event) { return {{"drawn", event.drawn}}; }

Json fields_of(const event::Decided& event) {
  return {{"candidate", event.candidate}, {"outcome", to_string(event.outcome)}};
}

Json fields_of(const event::RunEnded& event) { return {{"run", event.run}}; }

BoardIdentity board_in(const Json& json) {
  using enum Provenance;
  BoardIdentity board;
  board.name = text(json, "board");
  board.kind = text(json, "kind");
  board.serial = text(json, "serial");
  board.engine = text(json, "engine");
  board.build = text(json, "build");
  board.provenance = named(json, "provenance", {real, emulated, process});
  board.image = Digest::from_hex(text(json, "image"));
  board.clock = text(json, "clock");
  board.clock_hz = value<std::uint32_t>(json, "clock_hz");
  board.timer_hz = value<std::uint32_t>(json, "timer_hz");
  board.flash_size = value<std::uint64_t>(json, "flash_size");
  board.ram_size = value<std::uint64_t>(json, "ram_size");
  return board;
}

RunEvent fault_survived_in(const Json& json) {
  event::FaultSurvived event{text(json, "board"), text(json, "model"), {fault_in(json.at("fault")), {}, {}}};
  if (const auto vector = optional_value<std::uint32_t>(json, "vector"))
    event.fault.vector = VectorNumber{*vector};
  event.fault.of_the_device = value<bool>(json, "of_the_device");
  return event;
}

RunEvent trial_ended_in(const Json& json) {
  using enum TrialState;
  event::TrialEnded event{text(json, "board"), text(json, "model"), role_in(json), {}};
  event.end.state = named(json, "state", {running, complete, faulted, interrupted});
  if (const Json& fault = json.at("fault"); !fault.is_null()) event.end.fault = fault_in(fault);
  event.end.drawn = optional_value<std::uint64_t>(json, "drawn");
  return event;
}

RunEvent decided_in(const Json& json) {
  using enum Outcome;
  return event::Decided{text(json, "candidate"),
                        named(json, "outcome", {pass, fail, inconclusive, error, waived})};
}

// In the order of RunEvent's alternatives.
struct EventName {
  const char* name;
  RunEvent (*read)(const Json&);
};
constexpr EventName kEvents[] = {
    {"greeted", [](const Json& json) -> RunEvent { return event::Greeted{board_in(json)}; }},
    {"preparing",
     [](const Json& json) -> RunEvent {
       return event::Preparing{text(json, "board"), text(json, "model")};
     }},
    {"prepared",
     [](const Json& json) -> RunEvent {
       return event::Prepared{text(json, "board"), text(json, "model"),
                              value<std::uint32_t>(json, "arena_used")};
     }},
    {"progressed",
     [](const Json& json) -> RunEvent {
       return event::Progressed{text(json, "board"),
                                text(json, "model"),
                                value<std::uint64_t>(json, "done"),
                                value<std::uint64_t>(json, "total"),
                                json.value("scored", std::uint64_t{0}),
                                json.value("score_sum", 0.0),
                                json.value("measure", "")};
     }},
    {"rows_stored", nullptr},
    {"fault_survived", fault_survived_in},
    {"quarantined",
     [](const Json& json) -> RunEvent {
       return event::Quarantined{text(json, "board"), text(json, "model"),
                                 VectorNumber{value<std::uint32_t>(json, "vector")}};
     }},
    {"trial_ended", trial_ended_in},
    {"metering", [](const Json& json) -> RunEvent { return event::Metering{text(json, "board")}; }},
    {"board_left",
     [](const Json& json) -> RunEvent {
       return event::BoardLeft{text(json, "board"), text(json, "what"), text(json, "where"),
                               text(json, "remedy")};
     }},
    {"looked",
     [](const Json& json) -> RunEvent { return event::Looked{value<std::uint64_t>(json, "drawn")}; }},
    {"decided", decided_in},
    {"run_ended",
     [](const Json& json) -> RunEvent { return event::RunEnded{value<std::int64_t>(json, "run")}; }},
};
static_assert(std::size(kEvents) == std::variant_size_v<RunEvent>);

}  // namespace

std::optional<std::string> event_line(const RunEvent& event) {
  Json fields = std::visit([](const auto& each) { return fields_of(each); }, event);
  if (fields.is_null()) return std::nullopt;
  Json json{{"event", kEvents[event.index()].name}};
  json.update(fields);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<RunEvent> event_in_line(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("event") || !json["event"].is_string()) return std::nullopt;
  for (const EventName& each : kEvents) {
    if (each.read == nullptr || json["event"] != each.name) continue;
    try {
      return each.read(json);
    } catch (const std::exception&) {  // of another version
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace tinyhil::campaign
