// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/sqlite/connection.hpp"

namespace tinyhil::daemon {

// Makes the tables of an empty database, and brings those of an older tinyhil to what they are now. Throws
// Error(bench_fault): it is something else, or of a newer tinyhil, or another daemon has it.
void set_up_ledger(store::Connection& connection);

}  // namespace tinyhil::daemon
