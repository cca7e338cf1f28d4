// SPDX-License-Identifier: Apache-2.0
#include "trace_identity.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace tinyhil::meter {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kRangesMax = 16;
constexpr double kRateMaxHz = 1e9;

[[noreturn]] void refuse_head(const std::string& detail, const std::string& where) {
  throw Error(ErrorKind::usage, "the head of the recording is damaged: " + detail, where,
              "record it again, or restore the file from a copy");
}

// One object of the head, whose values have to be of the kind asked for.
class Head {
 public:
  Head(const Json& object, const std::string& where) : object_(object), where_(where) {
    if (!object.is_object()) refuse_head("an object is missing", where_);
  }

  std::string text(const char* key) const {
    const Json& value = at(key);
    if (!value.is_string()) refuse_head(std::string(key) + " is no text", where_);
    return value.get<std::string>();
  }

  double number(const char* key) const {
    const Json& value = at(key);
    if (!value.is_number() || !std::isfinite(value.get<double>()))
      refuse_head(std::string(key) + " is no number", where_);
    return value.get<double>();
  }

  std::int64_t integer(const char* key, std::int64_t low, std::int64_t high) const {
    const Json& value = at(key);
    if (!value.is_number_integer()) refuse_head(std::string(key) + " is no integer", where_);
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)
      refuse_head(std::string(key) + " is too large", where_);
    const auto integer = value.get<std::int64_t>();
    if (integer < low || integer > high) refuse_head(std::string(key) + " is out of range", where_);
    return integer;
  }

  bool boolean(const char* key) const {
    const Json& value = at(key);
    if (!value.is_boolean()) refuse_head(std::string(key) + " is neither true nor false", where_);
    return value.get<bool>();
  }

  const Json& list(const char* key) const {
    const Json& value = at(key);
    if (!value.is_array() || value.size() > kRangesMax)
      refuse_head(std::string(key) + " is no short list", where_);
    return value;
  }

  const Json& at(const char* key) const {
    const auto found = object_.find(key);
    if (found == object_.end()) refuse_head(std::string(key) + " is missing", where_);
    return *found;
  }

 private:
  const Json& object_;
  const std::string& where_;
};

Json json_of(const MeterIdentity& identity) {
  Json ranges = Json::array();
  for (const MeterRange& range : identity.ranges)
    ranges.push_back({{"top_a", range.top_a},
                      {"gain_limit", range.gain_limit},
                      {"offset_limit_a", range.offset_limit_a},
                      {"resolution_a", range.resolution_a}});
  return {{"driver", identity.driver},
          {"serial", identity.serial},
          {"firmware", identity.firmware},
          {"calibration", identity.calibration},
          {"calibrated", identity.calibrated},
          {"expires", identity.expires},
          {"simulated", identity.simulated},
          {"virtual_time", identity.virtual_time},
          {"rate_hz", identity.rate_hz},
          {"ranges", std::move(ranges)},
          {"range_mode", identity.range_mode},
          {"supply_v", identity.supply_v},
          {"voltage", static_cast<int>(identity.voltage)},
          {"voltage_limit", identity.voltage_limit},
          {"trigger", identity.trigger}};
}

MeterIdentity identity_of(const Head& head, const std::string& where) {
  MeterIdentity identity{.driver = head.text("driver"),
                         .serial = head.text("serial"),
                         .firmware = head.text("firmware"),
                         .calibration = head.text("calibration"),
                         .calibrated = head.text("calibrated"),
                         .expires = head.text("expires"),
                         .simulated = head.boolean("simulated"),
                         .virtual_time = head.boolean("virtual_time"),
                         .rate_hz = head.number("rate_hz"),
                         .ranges = {},
                         .range_mode = head.text("range_mode"),
                         .supply_v = head.number("supply_v"),
                         .voltage = static_cast<VoltageSource>(head.integer("voltage", 1, 3)),
                         .voltage_limit = head.number("voltage_limit"),
                         .trigger = static_cast<int>(head.integer("trigger", -1, 7))};
  for (const Json& element : head.list("ranges")) {
    const Head range(element, where);
    identity.ranges.push_back({range.number("top_a"), range.number("gain_limit"),
                               range.number("offset_limit_a"), range.number("resolution_a")});
  }
  if (identity.rate_hz <= 0 || identity.rate_hz > kRateMaxHz) refuse_head("rate_hz is out of range", where);
  return identity;
}

}  // namespace

std::string to_json(const TraceStart& start) {
  const Json json{{"format", static_cast<int>(start.format)},
                  {"start_ns", start.start_ns},
                  {"meter", json_of(start.identity)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

TraceStart parse_trace_start(std::string_view json, const std::string& where) {
  const Json parsed = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  const Head head(parsed, where);
  TraceStart start{.identity = identity_of(Head(head.at("meter"), where), where),
                   .format = static_cast<WordFormat>(head.integer("format", 1, 3)),
                   .start_ns = head.integer("start_ns", INT64_MIN, INT64_MAX)};
  return start;
}

}  // namespace tinyhil::meter
