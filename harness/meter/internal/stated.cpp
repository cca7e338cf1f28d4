// SPDX-License-Identifier: Apache-2.0
#include "stated.hpp"

#include <cmath>

#include "base/calendar.hpp"

namespace tinyhil::meter {

namespace {

std::string day_in(const Section& section, std::string_view key) {
  if (!section.has(key)) return "";
  std::string text = section.text(key);
  if (!parse_day(text)) {
    section.fail_at(key, '`' + std::string(key) + "` is `" + text + "`, which is not a date",
                    "write a date such as 2026-01-15");
  }
  return text;
}

}  // namespace

void read_stated(const Section& section, MeterIdentity& identity) {
  if (section.has("serial")) identity.serial = section.text("serial");
  identity.calibrated = day_in(section, "calibrated");
  identity.expires = day_in(section, "calibration_expires");
  if (!identity.expires.empty() && identity.expires < identity.calibrated) {
    section.fail_at("calibration_expires", "the calibration expires before the day on which it was made",
                    "correct `calibrated` or `calibration_expires`");
  }
}

StatedAccuracy read_accuracy(const Section& section) {
  return {section.ratio("accuracy"), section.current_ua("offset") * 1e-6};
}

double read_supply(const Section& section, double low_v, double high_v) {
  const double volts = section.voltage_v("supply");
  if (volts >= low_v && volts <= high_v) return volts;
  const auto millivolts = [](double value) { return std::to_string(std::lround(value * 1000)) + " mV"; };
  section.fail_at("supply", "the meter does not supply " + millivolts(volts),
                  "choose " + millivolts(low_v) + " to " + millivolts(high_v));
}

}  // namespace tinyhil::meter
