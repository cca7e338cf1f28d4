// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <fstream>
#include <string_view>

#include "model/error.hpp"
#include "report.hpp"

namespace tinyhil {
namespace {

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& where) {
  throw Error(ExitCode::bench_fault, what, where.string(),
              "Check that the report folder can be written and the disk is not full, or pass another with "
              "--report.");
}

bool write_whole(const std::filesystem::path& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  return !out.fail();
}

// A reader sees the old file or the new one, never a part: a name that only this process uses, then a rename.
void replace_file(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::path part = file;
  part += ".part-" + std::to_string(getpid());
  std::error_code reason;
  const bool written = write_whole(part, text);
  if (written) std::filesystem::rename(part, file, reason);
  if (written && !reason) return;
  std::error_code ignored;  // the part may never have come to be
  std::filesystem::remove(part, ignored);
  fail("The report could not be written" + (reason ? ": " + reason.message() : "") + ".", file);
}

}  // namespace

void write_reports(const Report& report, const std::filesystem::path& folder) {
  std::error_code reason;
  std::filesystem::create_directories(folder, reason);
  if (reason) fail("The report folder could not be made: " + reason.message() + ".", folder);
  replace_file(folder / "report.json", render_json(report));
  replace_file(folder / "junit.xml", render_junit(report));
  replace_file(folder / "results.sarif", render_sarif(report));
  replace_file(folder / "metrics.prom", render_openmetrics(report));
  replace_file(folder / "summary.md", render_markdown(report));
  replace_file(folder / "report.html", render_html(report));
}

}  // namespace tinyhil
