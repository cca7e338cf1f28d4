// SPDX-License-Identifier: Apache-2.0
#include "failure_class.hpp"

namespace tinyhil {

const char* to_string(FailureClass of) {
  switch (of) {
    case FailureClass::product:
      return "product";
    case FailureClass::image:
      return "image";
    case FailureClass::board:
      return "board";
    case FailureClass::bench:
      return "bench";
    case FailureClass::configuration:
      return "configuration";
  }
  return "unknown";
}

std::optional<FailureClass> failure_class(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::not_found:
    case ErrorKind::not_allowed:
    case ErrorKind::output:
    case ErrorKind::broken_evidence:
      return FailureClass::configuration;
    case ErrorKind::bench_fault:
    case ErrorKind::no_lease:
    case ErrorKind::lease_lost:
    case ErrorKind::queue_full:
      return FailureClass::bench;
    case ErrorKind::wrong_image:
      return FailureClass::image;
    case ErrorKind::not_run_yet:
    case ErrorKind::time_limit:
    case ErrorKind::hung_up:
    case ErrorKind::interrupted:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<FailureClass> failure_class(const Fault& fault, Provenance provenance) {
  switch (fault.kind) {
    case FaultKind::remark:
    case FaultKind::read_back:
      return std::nullopt;
    case FaultKind::wrong_image:
      return FailureClass::image;
    case FaultKind::corrupt:
    case FaultKind::gone:
    case FaultKind::timeout:
    case FaultKind::reset:
    case FaultKind::refused:
      break;
  }
  return is_of_the_bench(fault, provenance) ? FailureClass::bench : FailureClass::product;
}

std::optional<FailureClass> failure_class(const SurvivedFault& survived) {
  if (survived.of_the_device) return FailureClass::product;
  const std::optional<FailureClass> of = failure_class(survived.fault, Provenance::real);
  return of == FailureClass::product ? FailureClass::bench : of;
}

}  // namespace tinyhil
