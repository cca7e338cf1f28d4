// SPDX-License-Identifier: Apache-2.0
// What is refused, as application/problem+json (RFC 9457) with our fields `what`, `where` and `remedy`, and
// back again. An Error keeps its kind in the problem's `type`, so that a client throws what the server threw.
// Example, in a handler:
//
//   co_return problem(404, "there is no lease `17`", "GET /api/v1/leases/17", "list them: GET
//   /api/v1/leases");
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "route.hpp"

namespace tinyhil::daemon {

// what, where and remedy as for Error (base/error.hpp); made visible and cut to 1,000 characters each.
Reply problem(int status, const std::string& what, const std::string& where, const std::string& remedy);

// usage 400, not_run_yet and no_lease 409, wrong_image and broken_evidence 422, output 507, bench_fault,
// hung_up and interrupted 503, time_limit 504. Those that may pass (503, 507, 429) have Retry-After.
Reply problem(const Error& error);

// A reply that refused: what() and the others are the problem's. The kind is the one that was thrown, or what
// the status comes to: usage for 4xx but 408 and 429, bench_fault for all others.
class Refused : public Error {
 public:
  Refused(int status, const Error& problem) : Error(problem), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

// The Error of a reply with a status of 400 and above. Never fails: a body that is no problem says so in
// `what`. `from`: who replied, for `where` when the problem has none.
Refused refused(const Reply& reply, const std::string& from);

}  // namespace tinyhil::daemon
