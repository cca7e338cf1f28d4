// SPDX-License-Identifier: Apache-2.0
// bench-compare-host FOLDER PAIRS ROUNDS: makes the pairs, leaves them in FOLDER for the other engines,
// compares them, and prints how long that took (seconds a round) and what came out, as one JSON document.
//
// resident: the trials are in memory. again: the same once more beside it, which shows what of a difference
// is noise. reading: the columns that a comparison reads, summed and nothing else. reference: the slow
// comparison. cold: opening a store whose file was thrown out of the page cache, reading both trials and
// comparing them; warm: the same right after that.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "metric/compare.hpp"
#include "model/inference_rows.hpp"
#include "pairs.hpp"
#include "store/run_store.hpp"
#include "testing/compare_reference.hpp"

namespace tinyhil::compare_bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// Many rows a block, as a long campaign's are.
constexpr std::size_t kBlockRows = 4096;

double seconds(const std::function<void()>& action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// What this thread had of a core: beside the time it tells how much others kept it waiting.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

json counts_of(const PairCounts& pairs) {
  return {pairs.both_right, pairs.lost, pairs.gained, pairs.both_wrong};
}

json histogram_of(const Histogram& histogram) {
  json result = json::array();
  for (const ValueCount& entry : histogram) result.push_back({entry.value, entry.count});
  return result;
}

json result_of(const Comparison& comparison) {
  json by_label = json::array();
  for (const PairCounts& pairs : comparison.by_label.at(0)) by_label.push_back(counts_of(pairs));
  return {{"all", counts_of(comparison.all)},
          {"by_label", by_label},
          {"flipped", comparison.drift.flipped},
          {"within_gap", comparison.drift.within_gap},
          {"largest_step", histogram_of(comparison.drift.largest_step)},
          {"tick_change", histogram_of(comparison.latency.change)},
          {"candidate_ticks", histogram_of(comparison.latency.candidate)},
          {"baseline_ticks", histogram_of(comparison.latency.baseline)}};
}

class File {
 public:
  explicit File(const fs::path& file) : size_(fs::file_size(file)), handle_(open(file.c_str(), O_RDONLY)) {
    if (handle_ < 0) throw Error(ErrorKind::bench_fault, "cannot open", file.string(), "see the folder");
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(handle_); }

  void drop_from_cache() const {
    fsync(handle_);  // only clean pages are dropped
    posix_fadvise(handle_, 0, 0, POSIX_FADV_DONTNEED);
  }

  // The share of it that lies in the page cache.
  double cached() const {
    void* const at = mmap(nullptr, size_, PROT_READ, MAP_SHARED, handle_, 0);
    if (at == MAP_FAILED) return -1;
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> there((size_ + page - 1) / page);
    mincore(at, size_, there.data());
    munmap(at, size_);
    std::size_t resident = 0;
    for (const unsigned char flags : there) resident += flags & 1;
    return static_cast<double>(resident) / static_cast<double>(there.size());
  }

  std::uint64_t size() const { return size_; }

 private:
  std::uint64_t size_;
  int handle_;
};

json compare_stored(const fs::path& file, const VectorSet& vectors, json& rounds) {
  json result;
  double loading = 0;
  const double whole = seconds([&] {
    std::vector<Trial> trials;
    loading = seconds([&] { trials = store::open_store(file, store::StoreAccess::read_only)->trials(1); });
    result = result_of(metric::compare(trials.at(0), trials.at(1), vectors));
  });
  rounds["whole"].push_back(whole);
  rounds["loading"].push_back(loading);
  return result;
}

void check_same(const json& found, const json& wanted, const char* what) {
  if (found == wanted) return;
  throw Error(ErrorKind::bench_fault, std::string(what) + " gives another result", "bench-compare-host",
              "this is a defect of tinyhil: report it");
}

// Eight bytes at a time; what is left of a column's end is less than a word.
template <class T>
std::uint64_t sum_words(const std::vector<T>& column) {
  const std::size_t words = column.size() * sizeof(T) / sizeof(std::uint64_t);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < words; ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, reinterpret_cast<const char*>(column.data()) + i * sizeof word, sizeof word);
    sum += word;
  }
  return sum;
}

std::uint64_t read_plainly(const Case& made) {
  std::uint64_t sum = sum_words(made.vectors.labels) + sum_words(made.vectors.slices[0].code);
  for (const Trial* trial : {&made.candidate, &made.baseline}) {
    const InferenceRows& rows = trial->rows;
    sum += sum_words(rows.vector) + sum_words(rows.status) + sum_words(rows.clock) + sum_words(rows.outputs);
  }
  return sum;
}

json from_memory(const Case& made, int rounds, json& result) {
  json times;
  Comparison kept;
  std::uint64_t sum = 0;
  const auto round = [&](const std::string& name, auto compare_once) {
    const double start = cpu_seconds();
    times[name].push_back(seconds([&] { kept = compare_once(made.candidate, made.baseline, made.vectors); }));
    times[name + "_cpu"].push_back(cpu_seconds() - start);
  };
  round("reference", test::compare_reference);
  result = result_of(kept);
  for (int i = 0; i < rounds; ++i) {
    round("resident", metric::compare);
    check_same(result_of(kept), result, "the fast comparison");
    round("again", metric::compare);
    times["reading"].push_back(seconds([&] { sum += read_plainly(made); }));
  }
  times["sum"] = sum;  // so that the reading is done
  return times;
}

json from_store(const fs::path& file, const VectorSet& vectors, int rounds, const json& wanted) {
  json cold, warm;
  for (int i = 0; i < rounds; ++i) {
    const File store(file);
    store.drop_from_cache();
    cold["cached_before"].push_back(store.cached());
    check_same(compare_stored(file, vectors, cold), wanted, "the stored comparison");
    compare_stored(file, vectors, warm);
  }
  return {{"cold", cold}, {"warm", warm}, {"bytes", File(file).size()}};
}

int run(const fs::path& folder, std::size_t pairs, int rounds) {
  const Case made = make_case(pairs);
  write_columns(made, folder);
  const fs::path file = folder / "store.db";
  fs::remove(file);
  json told{{"pairs", pairs}};
  told["writing_the_store"] = seconds([&] { write_store(made, file, kBlockRows); });
  json result;
  told["memory"] = from_memory(made, rounds, result);
  told["store"] = from_store(file, made.vectors, rounds, result);
  told["result"] = result;
  std::cout << told << '\n';
  return 0;
}

}  // namespace
}  // namespace tinyhil::compare_bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: bench-compare-host FOLDER PAIRS ROUNDS\n";
    return 2;
  }
  try {
    return tinyhil::compare_bench::run(argv[1], std::stoul(argv[2]), std::stoi(argv[3]));
  } catch (const tinyhil::Error& error) {
    std::cerr << error.where() << ": " << error.what() << "; " << error.remedy() << '\n';
    return 4;
  }
}
