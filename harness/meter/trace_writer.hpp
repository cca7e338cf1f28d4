// SPDX-License-Identifier: Apache-2.0
// A recording on its way to disk: the words of the meter as they came, in chunks of 65,536 samples with
// summaries, and the gaps. A file cut off anywhere opens up to its last whole chunk. Example:
//
//   TraceWriter writer("run-7.trace", {identity, meter->word_format(), now_ns});
//   co_await meter->record(writer);
//   writer.finish();
#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>

#include "meter/internal/trace_start.hpp"
#include "meter/meter.hpp"

namespace tinyhil::meter {

class TraceWriter final : public SampleSink {
 public:
  // Makes the file. Throws Error(output) when it exists, or cannot be made.
  TraceWriter(const std::filesystem::path& file, const TraceStart& start);
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;
  ~TraceWriter() override;  // what finish() would have written may be lost

  // Neither throws: what could not be written is said by flush() and finish(). No allocation in between
  // chunks, a few large writes each. Samples that were passed before are left out; a jump without gap() is a
  // gap (corrupted).
  void samples(const SampleBlock& block) override;
  void gap(const Gap& gap) override;

  // Everything given so far to the system, as a short chunk: call it when a window has ended. Throws
  // Error(output).
  void flush();
  void finish();  // flush(), and the file is closed

  std::uint64_t end() const;  // number of the next sample

 private:
  struct Pending;

  void append(const SampleBlock& block, std::size_t from, std::size_t count);
  void write_chunk();
  void write(std::initializer_list<std::span<const std::byte>> parts);
  void check() const;

  std::string name_;
  int file_ = -1;
  int error_ = 0;  // errno of the first write that failed; nothing is written after it
  std::uint64_t end_ = 0;
  std::unique_ptr<Pending> pending_;
};

}  // namespace tinyhil::meter
