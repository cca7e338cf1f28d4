// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {
namespace {

// What was stored before gets its links after these statements (migrations.cpp): SQL has no SHA-256.
constexpr const char* kTable = R"sql(
CREATE TABLE chain (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  kind TEXT NOT NULL,
  row INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  UNIQUE (run, kind, row)
) STRICT;
CREATE INDEX chain_of_run ON chain (run, id);
)sql";

}  // namespace

std::string step_3() { return kTable + forbid_changes({"chain"}); }

}  // namespace tinyhil::store
