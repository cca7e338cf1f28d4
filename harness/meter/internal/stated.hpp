// SPDX-License-Identifier: Apache-2.0
// What a bench file states of any meter, as no meter tells it: serial, calibrated, calibration_expires.
#pragma once

#include "formats/section.hpp"
#include "model/meter.hpp"

namespace tinyhil::meter {

// Throws Error(usage) for what is no date, or a calibration that expires before it was made.
void read_stated(const Section& section, MeterIdentity& identity);

// accuracy: 1 %    offset: 10 uA
// Of a meter whose figures depend on what was bought or soldered.
struct StatedAccuracy {
  double gain_limit = 0;
  double offset_limit_a = 0;
};
StatedAccuracy read_accuracy(const Section& section);

// `supply: 3.3 V`, which is to be between these.
double read_supply(const Section& section, double low_v, double high_v);

}  // namespace tinyhil::meter
