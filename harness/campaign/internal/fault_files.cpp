// SPDX-License-Identifier: Apache-2.0
#include "fault_files.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/write_file.hpp"

namespace tinyhil::campaign {

namespace {

constexpr int kCoresMost = 20;

}  // namespace

std::filesystem::path faults_beside(const std::filesystem::path& store) {
  return store.parent_path() / "faults";
}

FaultFiles::FaultFiles(std::filesystem::path folder, std::string board)
    : folder_(std::move(folder)), board_(std::move(board)) {}

std::filesystem::path FaultFiles::free_name(const std::string& of_run, const char* ending) const {
  std::filesystem::path file;
  int number = 0;
  do {
    file = folder_ / (of_run + board_ + "-" + std::to_string(++number) + ending);
  } while (std::filesystem::exists(file));
  return file;
}

std::filesystem::path FaultFiles::new_log() const { return free_name("", ".log"); }

std::string FaultFiles::keep_core(std::int64_t run, std::span<const std::uint8_t> file) {
  if (kept_ >= kCoresMost)
    return "no core dump was kept: there are " + std::to_string(kCoresMost) + " already";
  try {
    std::filesystem::create_directories(folder_);
    const std::string of_run = run > 0 ? "run-" + std::to_string(run) + "-" : "";
    const std::filesystem::path name = free_name(of_run, ".core");
    write_file(name, {reinterpret_cast<const char*>(file.data()), file.size()});
    ++kept_;
    return "core dump " + (folder_.filename() / name.filename()).string() + " (SHA-256 " +
           sha256(file).hex() + ")";
  } catch (const std::filesystem::filesystem_error& error) {
    return "the core dump could not be kept: " + error.code().message();
  } catch (const Error& error) {
    return std::string("the core dump could not be kept: ") + error.what();
  }
}

}  // namespace tinyhil::campaign
