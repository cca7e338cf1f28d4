// SPDX-License-Identifier: Apache-2.0
#include "blocks.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <numeric>
#include <string>

#include "model/error.hpp"

namespace tinyhil {
namespace {

// The columns are stored as they lie in memory.
static_assert(std::endian::native == std::endian::little, "a big-endian host has to swap the columns here");

std::uint64_t key_of(std::uint32_t vector, std::uint16_t repeat) {
  return std::uint64_t{vector} << 16 | repeat;
}

std::vector<std::uint64_t> keys_of(const InferenceRows& rows) {
  std::vector<std::uint64_t> keys(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) keys[i] = key_of(rows.vector[i], rows.repeat[i]);
  return keys;
}

template <class T>
Bytes bytes_of(const std::vector<T>& column) {
  return {reinterpret_cast<const std::uint8_t*>(column.data()), column.size() * sizeof(T)};
}

template <class T>
void extend(Connection& connection, std::vector<T>& column, Bytes blob, std::size_t count) {
  if (blob.size() != count * sizeof(T)) {
    connection.fail_damaged("a column of a block has " + std::to_string(blob.size()) + " bytes instead of " +
                            std::to_string(count * sizeof(T)));
  }
  if (count == 0) return;
  const std::size_t old = column.size();
  column.resize(old + count);
  std::memcpy(column.data() + old, blob.data(), blob.size());
}

[[noreturn]] void refuse(const Connection& connection, const std::string& what) {
  throw Error(ExitCode::bench_fault, what, connection.file().string(),
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

template <class T>
void permute(std::vector<T>& column, const std::vector<std::size_t>& order, std::size_t width = 1) {
  std::vector<T> sorted(column.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::copy_n(column.begin() + static_cast<std::ptrdiff_t>(order[i] * width), width,
                sorted.begin() + static_cast<std::ptrdiff_t>(i * width));
  }
  column = std::move(sorted);
}

bool in_order(const InferenceRows& rows) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (key_of(rows.vector[i - 1], rows.repeat[i - 1]) > key_of(rows.vector[i], rows.repeat[i])) return false;
  }
  return true;
}

void sort_rows(InferenceRows& rows) {
  if (in_order(rows)) return;
  const std::vector<std::uint64_t> keys = keys_of(rows);
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  permute(rows.vector, order);
  permute(rows.repeat, order);
  permute(rows.status, order);
  permute(rows.clock, order);
  permute(rows.timer, order);
  permute(rows.outputs, order, rows.output_size);
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

// One growth instead of many: a long trial is hundreds of megabytes.
void reserve(Connection& connection, std::int64_t trial, InferenceRows& rows) {
  Statement total(connection,
                  "SELECT COALESCE(SUM(n), 0), COALESCE(SUM(n * output_size), 0) FROM block WHERE trial = ?");
  total.bind(trial).step();
  const auto count = static_cast<std::size_t>(total.integer(0));
  reserve(rows.vector, count);
  reserve(rows.repeat, count);
  reserve(rows.status, count);
  reserve(rows.clock, count);
  reserve(rows.timer, count);
  reserve(rows.outputs, static_cast<std::size_t>(total.integer(1)));
}

}  // namespace

std::int64_t append_block(Connection& connection, std::int64_t trial, const RowBounds& bounds,
                          const InferenceRows& rows) {
  assert(rows.repeat.size() == rows.size() && rows.status.size() == rows.size());
  assert(rows.clock.size() == rows.size() && rows.timer.size() == rows.size());
  assert(rows.outputs.size() == rows.size() * rows.output_size);
  std::vector<std::uint64_t> sorted = keys_of(rows);
  std::sort(sorted.begin(), sorted.end());
  refuse_out_of_bounds(connection, trial, bounds, sorted);
  refuse_repeated(connection, trial, sorted);
  refuse_stored(connection, trial, sorted);
  refuse_other_output_size(connection, trial, rows.output_size);

  Statement insert(connection,
                   "INSERT INTO block (trial, first_vector, last_vector, n, output_size,"
                   " vector, repeat, status, clock, timer, outputs) VALUES (?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(trial);
  insert.bind(static_cast<std::int64_t>(sorted.front() >> 16));
  insert.bind(static_cast<std::int64_t>(sorted.back() >> 16));
  insert.bind(static_cast<std::int64_t>(rows.size()));
  insert.bind(static_cast<std::int64_t>(rows.output_size));
  insert.bind(bytes_of(rows.vector)).bind(bytes_of(rows.repeat)).bind(bytes_of(rows.status));
  insert.bind(bytes_of(rows.clock)).bind(bytes_of(rows.timer)).bind(bytes_of(rows.outputs)).run();
  return connection.last_row_id();
}

InferenceRows load_rows(Connection& connection, std::int64_t trial) {
  InferenceRows rows;
  reserve(connection, trial, rows);
  Statement blocks(connection,
                   "SELECT n, output_size, vector, repeat, status, clock, timer, outputs FROM block"
                   " WHERE trial = ? ORDER BY first_vector, id");
  blocks.bind(trial);
  while (blocks.step()) {
    const auto count = static_cast<std::size_t>(blocks.integer(0));
    const auto output_size = static_cast<std::size_t>(blocks.integer(1));
    if (rows.size() > 0 && output_size != rows.output_size) {
      connection.fail_damaged("blocks of trial " + std::to_string(trial) + " differ in output size");
    }
    rows.output_size = output_size;
    extend(connection, rows.vector, blocks.blob(2), count);
    extend(connection, rows.repeat, blocks.blob(3), count);
    extend(connection, rows.status, blocks.blob(4), count);
    extend(connection, rows.clock, blocks.blob(5), count);
    extend(connection, rows.timer, blocks.blob(6), count);
    extend(connection, rows.outputs, blocks.blob(7), count * output_size);
  }
  sort_rows(rows);
  return rows;
}

}  // namespace tinyhil
