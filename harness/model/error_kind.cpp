// SPDX-License-Identifier: Apache-2.0
#include "error_kind.hpp"

#include "exit_code.hpp"

namespace tinyhil {

ErrorKind error_kind(int code) {
  for (const ErrorKind kind :
       {ErrorKind::usage, ErrorKind::bench_fault, ErrorKind::wrong_image, ErrorKind::no_lease,
        ErrorKind::lease_lost, ErrorKind::queue_full, ErrorKind::output, ErrorKind::time_limit,
        ErrorKind::hung_up, ErrorKind::interrupted})
    if (static_cast<int>(exit_code(kind)) == code) return kind;
  return ErrorKind::bench_fault;
}

}  // namespace tinyhil
