// SPDX-License-Identifier: Apache-2.0
// Numbers of one check in words, by its unit.
#pragma once

#include <string>

#include "model/verdict.hpp"

namespace tinyhil::gate {

class Amounts {
 public:
  Amounts(const Check& check, bool difference);

  std::string of(double value) const;        // "-1.4 points", "2.3 %", "12,288 B", "13.65 ms"
  std::string distance(double value) const;  // the same, with digits enough to tell it from zero
  // The next value that is written with the digits of of() and lies beyond `value`, so that what is said of
  // it is true of it.
  double rounded_beyond(double value, Allowed side) const;
  bool counts() const { return counts_; }  // whole things: bytes, inferences, vectors
  std::string more(double count) const;    // "1,024 more bytes", "one more failed inference"
  std::string first() const;               // "one failed inference", where there was none
  std::string fewer(double count) const;   // "1,024 fewer bytes"

 private:
  std::string of(double value, int decimals) const;
  std::string things(double count, const char* word) const;

  double factor_ = 1;
  int decimals_ = 0;
  bool counts_ = false;
  std::string suffix_;
  std::string thing_;  // counted, in the plural
};

std::string grouped(double whole);    // "12,288"
std::string time_of(double seconds);  // "6 min 40 s"

}  // namespace tinyhil::gate
