// SPDX-License-Identifier: Apache-2.0
#include "fault.hpp"

#include <cstdio>
#include <cstdlib>

namespace tinyhil {

const char* to_string(FaultKind kind) {
  switch (kind) {
    case FaultKind::timeout:
      return "timeout";
    case FaultKind::corrupt:
      return "corrupt";
    case FaultKind::reset:
      return "reset";
    case FaultKind::refused:
      return "refused";
    case FaultKind::wrong_image:
      return "wrong_image";
    case FaultKind::gone:
      return "gone";
    case FaultKind::remark:
      return "remark";
    case FaultKind::read_back:
      return "read_back";
  }
  return "unknown";
}

std::string describe(const Fault& fault) {
  return fault.evidence.empty() ? fault.what : fault.what + " (" + fault.evidence + ")";
}

void throw_exception_from_error(const Fault& fault, const boost::source_location& where) {
  std::fprintf(stderr, "%s:%u: value() of a result that holds a fault: %s: %s\n", where.file_name(),
               static_cast<unsigned>(where.line()), to_string(fault.kind), fault.what.c_str());
  std::abort();
}

}  // namespace tinyhil
