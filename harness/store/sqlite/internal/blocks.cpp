// SPDX-License-Identifier: Apache-2.0
#include "blocks.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <numeric>
#include <string>

#include "base/error.hpp"
#include "model/inference_rows.hpp"

namespace tinyhil::store {
namespace {

std::uint64_t key_of(std::uint32_t vector, std::uint16_t repeat) {
  return std::uint64_t{vector} << 16 | repeat;
}

std::vector<std::uint64_t> keys_of(const InferenceRows& rows) {
  std::vector<std::uint64_t> keys(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) keys[i] = key_of(rows.vector[i], rows.repeat[i]);
  return keys;
}

struct StoredColumn {
  Bytes blob;
  std::size_t count = 0;
};

template <class T>
void extend(Connection& connection, std::vector<T>& column, Bytes blob, std::size_t count) {
  if (blob.size() % sizeof(T) != 0 || blob.size() / sizeof(T) != count) {  // the product could overflow
    connection.fail_damaged("a column of a block has " + std::to_string(blob.size()) +
                            " bytes, which are not " + std::to_string(count) + " values of " +
                            std::to_string(sizeof(T)));
  }
  if (count == 0) return;
  const std::size_t old = column.size();
  column.resize(old + count);
  std::memcpy(column.data() + old, blob.data(), blob.size());
}

[[noreturn]] void refuse(const Connection& connection, const std::string& what) {
  throw Error(ErrorKind::bench_fault, what, connection.file().string(),
              "nothing was written; end the other tinyhil that works on this trial, or start a new run");
}

std::string place(std::int64_t trial, std::uint64_t key) {
  return "vector " + std::to_string(key >> 16) + ", repeat " + std::to_string(key & 0xFFFF) + " of trial " +
         std::to_string(trial);
}

void refuse_out_of_bounds(const Connection& connection, std::int64_t trial, const RowBounds& bounds,
                          const std::vector<std::uint64_t>& sorted) {
  for (const std::uint64_t key : sorted) {
    if (key >> 16 >= bounds.vectors || (key & 0xFFFF) >= bounds.repeats) {
      refuse(connection, place(trial, key) + " is outside the trial's " + std::to_string(bounds.vectors) +
                             " vectors and " + std::to_string(bounds.repeats) + " repeats");
    }
  }
}

void refuse_repeated(const Connection& connection, std::int64_t trial,
                     const std::vector<std::uint64_t>& sorted) {
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) refuse(connection, place(trial, *twice) + " comes twice in one append");
}

// Only blocks whose range of vectors meets the new one's are read, and of them only two columns.
void refuse_stored(Connection& connection, std::int64_t trial, const std::vector<std::uint64_t>& sorted) {
  Statement meeting(connection,
                    "SELECT n, vector, repeat FROM block"
                    " WHERE trial = ? AND first_vector <= ? AND last_vector >= ?");
  meeting.bind(trial);
  meeting.bind(static_cast<std::int64_t>(sorted.back() >> 16));
  meeting.bind(static_cast<std::int64_t>(sorted.front() >> 16));
  while (meeting.step()) {
    InferenceRows stored;
    const auto count = static_cast<std::size_t>(meeting.integer(0));
    extend(connection, stored.vector, meeting.blob(1), count);
    extend(connection, stored.repeat, meeting.blob(2), count);
    for (const std::uint64_t key : keys_of(stored)) {
      if (std::binary_search(sorted.begin(), sorted.end(), key)) {
        refuse(connection, place(trial, key) + " is stored already");
      }
    }
  }
}

void refuse_other_output_size(Connection& connection, std::int64_t trial, std::size_t size) {
  Statement statement(connection, "SELECT output_size FROM block WHERE trial = ? LIMIT 1");
  statement.bind(trial);
  if (statement.step() && statement.integer(0) != static_cast<std::int64_t>(size)) {
    refuse(connection, "outputs of " + std::to_string(size) + " bytes among outputs of " +
                           std::to_string(statement.integer(0)) + " bytes in trial " + std::to_string(trial));
  }
}

// By vector and repeat, each once.
bool in_order(const InferenceRows& rows) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (key_of(rows.vector[i - 1], rows.repeat[i - 1]) >= key_of(rows.vector[i], rows.repeat[i]))
      return false;
  }
  return true;
}

void sort_rows(InferenceRows& rows) {
  if (in_order(rows)) return;
  const std::vector<std::uint64_t> keys = keys_of(rows);
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  rows.permute(order);
}

// Asks for large pages, where the system has them: a page fault for each 4 KiB would take longer than the
// reading.
template <class T>
void reserve(std::vector<T>& column, std::size_t count) {
  constexpr std::uintptr_t kPage = std::uintptr_t{2} << 20;
  column.reserve(count);
  const auto begin = (reinterpret_cast<std::uintptr_t>(column.data()) + kPage - 1) / kPage * kPage;
  const auto end = reinterpret_cast<std::uintptr_t>(column.data() + column.capacity()) / kPage * kPage;
  // Only advice: nothing is lost where it is not taken.
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

// One growth instead of many: a long trial is hundreds of megabytes. By what the columns hold, whatever they
// say that they hold.
void reserve(Connection& connection, std::int64_t trial, InferenceRows& rows) {
  Statement total(connection,
                  "SELECT COALESCE(SUM(length(status)), 0), COALESCE(SUM(length(outputs)), 0) FROM block"
                  " NOT INDEXED WHERE trial = ?");
  total.bind(trial).step();
  const auto count = static_cast<std::size_t>(total.integer(0));
  const auto output_bytes = static_cast<std::size_t>(total.integer(1));
  for_each_row_column([&](const auto& column) {
    if (!column.missing) reserve(rows.*column.values, column.is_output ? output_bytes : count);
  });
}

// Not through an index, and then by their ids: as the chain finds them.
std::vector<std::int64_t> blocks_of(Connection& connection, std::int64_t trial) {
  Statement find(connection, "SELECT id FROM block NOT INDEXED WHERE trial = ? ORDER BY first_vector, id");
  find.bind(trial);
  std::vector<std::int64_t> blocks;
  while (find.step()) blocks.push_back(find.integer(0));
  return blocks;
}

// What is read of a block: "vector, repeat, ..."
std::string blobs_of(WantedColumns wanted) {
  std::string names;
  for_each_row_column([&](const auto& column) {
    if (column.missing && wanted == WantedColumns::measured) return;
    names += (names.empty() ? "" : ", ") + std::string(column.name);
  });
  return names;
}

// A blob that is NULL: no value of the block is known.
template <class T>
void extend_known(Connection& connection, const RowColumn<T>& column, InferenceRows& rows,
                  const StoredColumn& stored) {
  std::vector<T>& values = rows.*column.values;
  if (stored.blob.empty()) {
    if (!values.empty()) values.resize(rows.size(), *column.missing);
    return;
  }
  if (values.empty()) values.resize(rows.size() - stored.count, *column.missing);
  extend(connection, values, stored.blob, stored.count);
}

// `block` has n and output_size, then what blobs_of() lists.
void append_stored(Connection& connection, const Statement& block, InferenceRows& rows,
                   WantedColumns wanted) {
  const auto count = static_cast<std::size_t>(block.integer(0));
  const auto output_size = static_cast<std::size_t>(block.integer(1));
  if (rows.size() > 0 && output_size != rows.output_size)
    connection.fail_damaged("blocks differ in output size");
  rows.output_size = output_size;
  int at = 2;
  for_each_row_column([&](const auto& column) {
    if (column.missing && wanted == WantedColumns::measured) return;
    const Bytes blob = block.blob(at++);
    if (column.missing) return extend_known(connection, column, rows, {blob, count});
    if (column.is_output && output_size > blob.size())
      connection.fail_damaged("a block has fewer outputs than it says");
    extend(connection, rows.*column.values, blob, count * column.width(rows));
  });
}

RowBounds bounds_of(Connection& connection, std::int64_t trial) {
  Statement find(
      connection,
      "SELECT vector_set.count, repeats FROM trial JOIN vector_set ON vector_set.id = trial.vector_set"
      " WHERE trial.id = ?");
  if (!find.bind(trial).step()) return {};
  return {static_cast<std::uint64_t>(find.integer(0)), static_cast<std::uint64_t>(find.integer(1))};
}

// Of rows in order, if they can be.
void refuse_impossible(const Connection& connection, std::int64_t trial, const RowBounds& bounds,
                       const InferenceRows& rows) {
  if (rows.size() == 0) return;
  const auto fail = [&](const std::string& what) {
    connection.fail_damaged("trial " + std::to_string(trial) + ": " + what);
  };
  if (!in_order(rows)) fail("a vector and repeat is there twice");
  if (rows.vector.back() >= bounds.vectors) {
    fail("row of vector " + std::to_string(rows.vector.back()) + " of " + std::to_string(bounds.vectors));
  }
  const std::uint16_t repeat = *std::max_element(rows.repeat.begin(), rows.repeat.end());
  if (repeat >= bounds.repeats) {
    fail("row of repeat " + std::to_string(repeat) + " of " + std::to_string(bounds.repeats));
  }
  const std::uint8_t status = *std::max_element(rows.status.begin(), rows.status.end());
  if (status > static_cast<std::uint8_t>(RowStatus::quarantined)) {
    fail("row with the unknown status " + std::to_string(status));
  }
}

}  // namespace

void check_new_rows(Connection& connection, std::int64_t trial, const RowBounds& bounds,
                    const InferenceRows& rows) {
  assert(rows.is_rectangular());
  std::vector<std::uint64_t> sorted = keys_of(rows);
  std::sort(sorted.begin(), sorted.end());
  refuse_out_of_bounds(connection, trial, bounds, sorted);
  refuse_repeated(connection, trial, sorted);
  refuse_stored(connection, trial, sorted);
  refuse_other_output_size(connection, trial, rows.output_size);
}

InferenceRows load_rows(Connection& connection, std::int64_t trial, WantedColumns wanted) {
  InferenceRows rows;
  reserve(connection, trial, rows);
  Statement block(connection, "SELECT n, output_size, " + blobs_of(wanted) + " FROM block WHERE id = ?");
  for (const std::int64_t id : blocks_of(connection, trial)) {
    block.reset();
    if (!block.bind(id).step()) connection.fail_damaged("block " + std::to_string(id) + " is gone");
    append_stored(connection, block, rows, wanted);
  }
  sort_rows(rows);
  refuse_impossible(connection, trial, bounds_of(connection, trial), rows);
  return rows;
}

}  // namespace tinyhil::store
