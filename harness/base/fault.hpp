// SPDX-License-Identifier: Apache-2.0
// How a device failed. It is a value, because a failing device is a result of a test, not an exception:
//
//   const Result<LoadedModel> loaded = co_await link.load(slot);
//   if (!loaded) return record(loaded.error());  // a Fault
#pragma once

#include <boost/system/result.hpp>
#include <string>

namespace tinyhil {

enum class FaultKind {
  timeout,      // no answer within the deadline
  corrupt,      // answers that make no sense, repeatedly
  reset,        // the device restarted in the middle of a session
  refused,      // the device said no, and why
  wrong_image,  // the device runs another firmware than the bench promises
  gone,         // the line itself ended: unplugged, or the process exited
  remark,       // no fault: what the board printed or logged, kept beside the faults
  read_back,    // no fault: a debug probe has read the firmware back, before it was measured
};

const char* to_string(FaultKind kind);

struct Fault {
  FaultKind kind;
  std::string what;         // one sentence for a person
  std::string evidence;     // what was seen: the last frames, an exit status, text on stderr
  std::string remedy = {};  // what the user can do; empty when nothing is known
};

// What happened, and in brackets what was seen.
std::string describe(const Fault& fault);

template <class T>
using Result = boost::system::result<T, Fault>;

// boost::system::result asks for this when value() is called on a fault: a programming error.
[[noreturn]] void throw_exception_from_error(const Fault& fault, const boost::source_location& where);

}  // namespace tinyhil
