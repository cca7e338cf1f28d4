// SPDX-License-Identifier: Apache-2.0
#include "pairs.hpp"

#include <algorithm>
#include <fstream>
#include <string>

#include "base/error.hpp"
#include "metric/outputs.hpp"
#include "model/inference_rows.hpp"
#include "store/run_store.hpp"

namespace tinyhil::compare_bench {
namespace {

// Splitmix64: no standard distribution, which differ between libraries.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
  }
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>((next() >> 32) * bound >> 32);
  }

 private:
  std::uint64_t state_;
};

// Of 20 ms at 64 MHz, jittering by a percent: a bell from four throws.
std::uint32_t ticks(Noise& noise) {
  std::uint32_t sum = 1'267'200;
  for (int i = 0; i < 4; ++i) sum += noise.below(6'400);
  return sum;
}

void append_baseline(Noise& noise, std::uint16_t label, std::vector<std::uint8_t>& outputs) {
  const bool right = noise.below(100) < 90;
  const std::uint32_t top = right ? label : noise.below(kClasses);
  for (std::uint32_t i = 0; i < kClasses; ++i) {
    const auto value = static_cast<std::int8_t>(i == top ? 10 + noise.below(100) : noise.below(80) - 100);
    outputs.push_back(static_cast<std::uint8_t>(value));
  }
}

void append_candidate(Noise& noise, const std::uint8_t* baseline, std::vector<std::uint8_t>& outputs) {
  const bool confused = noise.below(100) < 2;
  for (std::uint32_t i = 0; i < kClasses; ++i) {
    const auto before = static_cast<std::int8_t>(baseline[i]);
    const std::uint32_t throw_of = noise.below(20);
    int value = before + (throw_of == 0) - (throw_of == 1);
    if (confused) value = static_cast<int>(noise.below(200)) - 100;
    outputs.push_back(static_cast<std::uint8_t>(static_cast<std::int8_t>(value)));
  }
}

Trial whole_trial(const VectorSet& vectors, const char* model) {
  Trial trial;
  trial.state = TrialState::complete;
  trial.info.model = model;
  trial.info.model_digest = sha256(std::string(model));
  trial.info.vectors_digest = vectors.digest;
  trial.info.vector_count = vectors.count;
  trial.info.board.name = "m4";
  trial.info.board.clock = "dwt-cyccnt";
  trial.info.board.clock_hz = 64'000'000;
  trial.info.output = Tensor{DType::int8, 2, {1, kClasses, 1, 1}, 0.00390625f, -128};
  InferenceRows& rows = trial.rows;
  rows.output_size = kClasses;
  rows.repeat.assign(vectors.count, 0);
  rows.status.assign(vectors.count, 0);
  rows.timer.assign(vectors.count, 0);
  rows.outputs.reserve(vectors.count * kClasses);
  for (std::size_t i = 0; i < vectors.count; ++i) rows.vector.push_back(static_cast<std::uint32_t>(i));
  return trial;
}

template <class T>
void write_column(const std::vector<T>& column, const std::filesystem::path& file) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(column.data()),
            static_cast<std::streamsize>(column.size() * sizeof(T)));
  if (!out.flush()) throw Error(ErrorKind::bench_fault, "cannot write", file.string(), "free disk space");
}

std::vector<std::uint8_t> narrow(const std::vector<std::uint16_t>& column) {
  std::vector<std::uint8_t> bytes(column.size());
  std::transform(column.begin(), column.end(), bytes.begin(),
                 [](std::uint16_t value) { return static_cast<std::uint8_t>(value); });
  return bytes;
}

std::vector<std::uint8_t> predictions(const Trial& trial) {
  const metric::Output outputs = trial.rows.outputs;
  std::vector<std::uint8_t> classes(trial.rows.size());
  for (std::size_t i = 0; i < classes.size(); ++i) {
    classes[i] = static_cast<std::uint8_t>(
        metric::argmax(trial.info.output.only().dtype, outputs.subspan(i * kClasses, kClasses)));
  }
  return classes;
}

}  // namespace

Case make_case(std::size_t pairs) {
  Case made;
  VectorSet& vectors = made.vectors;
  vectors.file = "made-up.npz";
  vectors.digest = sha256("made up " + std::to_string(pairs));
  vectors.count = pairs;
  vectors.classes.resize(kClasses);
  vectors.slices = {{"slice", std::vector<std::string>(kSlices), {}}};
  made.candidate = whole_trial(vectors, "candidate");
  made.baseline = whole_trial(vectors, "baseline");
  Noise noise(pairs);
  for (std::size_t i = 0; i < pairs; ++i) {
    vectors.labels.push_back(static_cast<std::uint16_t>(noise.below(kClasses)));
    vectors.slices[0].code.push_back(static_cast<std::uint16_t>(noise.below(kSlices)));
    append_baseline(noise, vectors.labels.back(), made.baseline.rows.outputs);
    append_candidate(noise, made.baseline.rows.outputs.data() + i * kClasses, made.candidate.rows.outputs);
    made.baseline.rows.clock.push_back(ticks(noise));
    made.candidate.rows.clock.push_back(ticks(noise) + 640);
  }
  return made;
}

void write_columns(const Case& made, const std::filesystem::path& folder) {
  write_column(narrow(made.vectors.labels), folder / "label.u8");
  write_column(narrow(made.vectors.slices[0].code), folder / "slice.u8");
  for (const Trial* trial : {&made.candidate, &made.baseline}) {
    const std::string name = trial->info.model;
    write_column(predictions(*trial), folder / (name + ".prediction.u8"));
    write_column(trial->rows.clock, folder / (name + ".ticks.u32"));
    write_column(trial->rows.outputs, folder / (name + ".outputs.i8"));
  }
}

void write_store(const Case& made, const std::filesystem::path& file, std::size_t block_rows) {
  const std::unique_ptr<store::RunStore> store = store::open_store(file, store::StoreAccess::read_write);
  RunRecord run;
  run.campaign = "made-up";
  run.started_at = "2026-01-01T00:00:00Z";
  const std::int64_t id = store->begin_run(run);
  for (const Trial* trial : {&made.candidate, &made.baseline}) {
    const std::int64_t stored = store->begin_trial(id, trial->info);
    for (std::size_t first = 0; first < trial->rows.size(); first += block_rows) {
      store->append(stored, trial->rows.part(first, std::min(block_rows, trial->rows.size() - first)));
    }
    store->end_trial(stored, {});
  }
  store->end_run(id);
}

}  // namespace tinyhil::compare_bench
