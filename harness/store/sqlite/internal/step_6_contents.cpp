// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {

// What follows from a file, not what was measured: no chain covers it.
std::string step_6() {
  return R"sql(
CREATE TABLE model_content (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  graph BLOB NOT NULL CHECK (length(graph) = 32)
) STRICT;
CREATE TABLE vector_content (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  content BLOB NOT NULL CHECK (length(content) = 32),
  marks BLOB NOT NULL CHECK (length(marks) % 8 = 0)
) STRICT;
)sql";
}

}  // namespace tinyhil::store
