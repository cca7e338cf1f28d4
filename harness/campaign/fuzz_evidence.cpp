// SPDX-License-Identifier: Apache-2.0
// A genuine bundle, changed as somebody would who knows its parts: values of rows, rows, texts of documents,
// single bytes; chain and manifest made again, or not. verify says what it is: never anything else than an
// Error(fail) or that it is genuine.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "base/temporary_folder.hpp"
#include "evidence/manifest.hpp"
#include "fuzz_bundle_made.hpp"
#include "store/fact.hpp"
#include "store/fact_kinds.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/facts.hpp"
#include "verify_dossier.hpp"

namespace tinyhil::campaign {
namespace {

using Json = nlohmann::json;
using Input = FuzzedDataProvider;

// At the edges of what types hold and of what the bundle has.
constexpr std::array<std::int64_t, 24> kNumbers = {
    0,        1,        2,          3,          4,          63,        64,        65,
    127,      128,      255,        256,        1000,       1001,      65535,     65536,
    10000000, 10000001, 2147483647, 4294967295, 4294967296, 1LL << 40, INT64_MAX, INT64_MIN};

std::int64_t number(Input& input) {
  return input.ConsumeBool() ? input.PickValueInArray(kNumbers) : input.ConsumeIntegral<std::int64_t>();
}

std::string text(Input& input) {
  switch (input.ConsumeIntegralInRange(0, 4)) {
    case 0:
      return input.PickValueInArray({"complete", "faulted", "control", "slim", "old", "b1", "b1,b2", "int8",
                                     "float32", "throughput", "real", "timeout", ""});
    case 1:
      return std::string(static_cast<std::size_t>(input.ConsumeIntegralInRange(0, 100'000)), 'x');
    default:
      return input.ConsumeRandomLengthString(40);
  }
}

void patch(Input& input, std::string& bytes) {
  if (bytes.empty()) return;
  const std::size_t at = input.ConsumeIntegralInRange<std::size_t>(0, bytes.size() - 1);
  const std::string put =
      input.ConsumeBool() ? input.ConsumeBytesAsString(1) : input.ConsumeRandomLengthString(8);
  bytes.replace(at, std::min(put.size(), bytes.size() - at), put);
}

std::string text_of(store::Connection& connection, const std::string& sql) {
  store::Statement row(connection, sql);
  return row.step() ? row.text(0) : "";
}

std::string blob_literal(const std::string& bytes) {
  std::string hex = "x'";
  for (const char c : bytes) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned char>(c));
    hex += digits.data();
  }
  return hex + "'";
}

std::string patched_blob(Input& input, store::Connection& connection, const std::string& from) {
  store::Statement row(connection, from);
  std::string bytes;
  if (row.step()) {
    const store::Bytes blob = row.blob(0);
    bytes.assign(blob.begin(), blob.end());
  }
  if (input.ConsumeBool()) bytes.resize(input.ConsumeIntegralInRange<std::size_t>(0, bytes.size() + 8));
  patch(input, bytes);
  return blob_literal(bytes);
}

std::string value(Input& input, store::Connection& connection, const std::string& from) {
  switch (input.ConsumeIntegralInRange(0, 5)) {
    case 0:
      return "NULL";
    case 1:
      return input.PickValueInArray({"0.0", "-1.0", "9e999", "-9e999", "1e-300", "1e300"});
    case 2:
      return "CAST(" + blob_literal(text(input)) + " AS TEXT)";
    case 3:
      return patched_blob(input, connection, from);
    default:
      return std::to_string(number(input));
  }
}

std::string change_of_a_row(Input& input, store::Connection& connection) {
  const auto kinds = store::fact_kinds();
  const store::FactKind& kind = kinds[input.ConsumeIntegralInRange<std::size_t>(0, kinds.size() - 1)];
  const std::string table(kind.name);
  const std::string id = std::to_string(input.ConsumeIntegralInRange(1, 6));
  const std::string where = " WHERE id = " + id;
  const int action = input.ConsumeIntegralInRange(0, 9);
  if (action == 0) return "DELETE FROM " + table + where;
  const std::string columns = store::names_of(kind);
  const std::size_t picked = input.ConsumeIntegralInRange<std::size_t>(0, kind.fields.size() - 1);
  if (action == 1)
    return "INSERT INTO " + table + " (" + columns + ") SELECT " + columns + " FROM " + table + where;
  const std::string column(kind.fields[picked].name);
  return "UPDATE " + table + " SET " + column + " = " +
         value(input, connection, "SELECT " + column + " FROM " + table + where) + where;
}

// What SQLite itself refuses was no change.
void try_out(store::Connection& connection, const std::string& sql) {
  try {
    connection.execute(sql.c_str());
  } catch (const Error&) {
  }
}

std::string triggers_of(store::Connection& connection) {
  store::Statement row(connection,
                       "SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rootpage, name");
  std::string sql;
  while (row.step()) sql += row.text(0) + ";\n";
  return sql;
}

// Returns the head of the chain.
std::string change_rows(Input& input, const std::filesystem::path& file) {
  store::Connection connection(file, file.string(), SQLITE_OPEN_READWRITE);
  connection.execute(
      "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA ignore_check_constraints = ON");
  const std::string triggers = triggers_of(connection);
  for (std::string name;
       !(name = text_of(connection, "SELECT name FROM sqlite_schema WHERE type = 'trigger'")).empty();)
    connection.execute(("DROP TRIGGER " + name).c_str());
  for (int changes = input.ConsumeIntegralInRange(1, 4); changes > 0; --changes)
    try_out(connection, change_of_a_row(input, connection));
  if (input.ConsumeIntegralInRange(0, 9) > 0) {
    connection.execute("DELETE FROM chain");
    store::link_all_runs(connection);
  }
  connection.execute(triggers.c_str());
  return store::load_head(connection, 1).hex();
}

void change_store(Input& input, evidence::Files& files) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.write(bundle::kResults, files.at(bundle::kResults));
  const std::string head = change_rows(input, file);
  const auto bytes = read_file(file, evidence::kArchiveSizeMax, "database");
  files[bundle::kResults].assign(bytes.begin(), bytes.end());
  Json detail = Json::parse(files.at(bundle::kDetail));
  detail["predicate"]["chain_head"] = head;
  files[bundle::kDetail] = detail.dump();
}

void change_document(Input& input, std::string& document) {
  Json all = Json::parse(document, nullptr, false);
  if (all.is_discarded()) return;
  const Json flat = all.flatten();
  auto place = flat.begin();
  std::advance(place, input.ConsumeIntegralInRange<std::size_t>(0, flat.size() - 1));
  const std::array<Json, 6> values = {number(input), "9.9.9", nullptr, Json::array(), Json::object(), 1e308};
  all[Json::json_pointer(place.key())] = input.PickValueInArray(values);
  document = all.dump();
}

void change_files(Input& input, evidence::Files& files) {
  auto file = files.begin();
  std::advance(file, input.ConsumeIntegralInRange<std::size_t>(0, files.size() - 1));
  switch (input.ConsumeIntegralInRange(0, 3)) {
    case 0:
      files.erase(file);
      break;
    case 1:
      file->second = text(input);
      break;
    default:
      patch(input, file->second);
  }
}

evidence::Files changed(Input& input, evidence::Files files) {
  const int kind = input.ConsumeIntegralInRange(0, 9);
  if (kind < 7) change_store(input, files);
  for (const char* name : {bundle::kDetail, bundle::kReport, bundle::kStatement}) {
    if (kind > 5 && input.ConsumeBool()) change_document(input, files[name]);
  }
  if (kind > 7) change_files(input, files);
  evidence::finish_bundle(files, {}, nullptr);
  return files;
}

// What is changed below has to be right before.
evidence::Files genuine_bundle() {
  evidence::Files files = small_bundle();
  evidence::finish_bundle(files, {}, nullptr);
  verify_files(files, nullptr);
  return files;
}

}  // namespace
}  // namespace tinyhil::campaign

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const tinyhil::evidence::Files genuine = tinyhil::campaign::genuine_bundle();
  FuzzedDataProvider input(bytes, size);
  try {
    tinyhil::campaign::verify_files(tinyhil::campaign::changed(input, genuine), nullptr);
  } catch (const tinyhil::Error& error) {
    if (error.kind() == tinyhil::ErrorKind::broken_evidence) return 0;
    std::fprintf(stderr, "kind %d: %s (%s)\n", static_cast<int>(error.kind()), error.what(),
                 error.where().c_str());
    std::abort();
  }
  return 0;
}
