// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/task.hpp"
#include "numbers.hpp"
#include "page.hpp"
#include "report/not_shown.hpp"
#include "words.hpp"

namespace tinyhil::report::page {
namespace {

html::Markup row(const std::string& name, const html::Markup& value) {
  return html::element("div", {}, html::labelled("dt", "", name) + html::element("dd", {}, value));
}

html::Markup row(const std::string& name, const std::string& value) {
  return row(name, html::text(value.empty() ? "not known" : value));
}

html::Markup digest_row(const std::string& name, const Digest& digest) {
  return row(name, html::labelled("code", "digest", digest_or_unknown(digest)));
}

html::Markup block(const html::Markup& title, const html::Markup& rows) {
  return html::element("div", "facts", html::element("h3", {}, title) + html::element("dl", {}, rows));
}

html::Markup board_block(const BoardIdentity& board) {
  html::Markup rows = row("kind", describe(board));
  rows += row("serial", board.serial);
  rows += digest_row("image, read back", board.image);
  rows += row("agent", board.build);
  rows += row("engine", board.engine);
  rows +=
      row("clock", board.clock_hz == 0 ? "none" : board.clock + ", " + format_count(board.clock_hz) + " Hz");
  rows += row("second timer", board.timer_hz == 0 ? "none" : format_count(board.timer_hz) + " Hz");
  return block(html::text("Board " + board.name), rows);
}

bool same_board(const BoardIdentity& a, const BoardIdentity& b) {
  return a.name == b.name && a.serial == b.serial && a.image == b.image && a.build == b.build &&
         a.engine == b.engine;
}

html::Markup board_blocks(const Page& page) {
  html::Markup blocks;
  std::vector<const BoardIdentity*> seen;
  for (const Series& series : page.series) {
    const BoardIdentity& board = series.card->info.board;
    const bool known =
        std::any_of(seen.begin(), seen.end(), [&](const auto* other) { return same_board(board, *other); });
    if (known) continue;
    seen.push_back(&board);
    blocks += board_block(board);
  }
  return blocks;
}

html::Markup model_block(const Series& series) {
  const TrialInfo& info = series.card->info;
  html::Markup rows = digest_row("digest, on the device", info.model_digest);
  if (const std::string read_back = read_back_of(*series.card); !read_back.empty())
    rows += row("its firmware, by the probe", read_back);
  rows += row("size", info.model_size == 0 ? "in the image" : format_bytes(info.model_size));
  rows += row("input", info.input.shape());
  rows += row("output", info.output.shape());
  rows += row("vectors drawn", format_count(series.card->drawn) + " of " + format_count(info.vector_count));
  rows += row("inferences", format_count(series.card->inferences) + ", " + std::to_string(info.repeats) +
                                (info.repeats == 1 ? " a vector" : " repeats a vector"));
  rows += row("mode", to_string(info.mode));
  if (info.polled) rows += row("line", "a debug probe, which reads the board's memory while models run");
  rows += row("results", results_of(info));
  return block(name_of(series), rows);
}

html::Markup vectors_block(const VectorSet& vectors) {
  html::Markup rows = digest_row("digest", vectors.digest);
  rows += row("file", vectors.file.string());
  rows += row("vectors", format_count(vectors.count));
  const TaskTraits task = vectors.task->traits();
  rows += row("task", task.kind + ", " + task.measure);
  if (task.has_classes) rows += row("classes", format_count(vectors.classes.size()));
  std::string slices;
  for (const Slice& slice : vectors.slices)
    slices += (slices.empty() ? "" : ", ") + slice.name + " (" + format_count(slice.values.size()) + ")";
  rows += row("slices", slices.empty() ? "none" : slices);
  return block(html::text("Vectors"), rows);
}

std::string policy_names(const Report& report) {
  std::string names;
  for (const Verdict& verdict : report.verdicts)
    if (names.find(verdict.policy) == std::string::npos)
      names += (names.empty() ? "" : ", ") + verdict.policy;
  return names;
}

html::Markup run_block(const Report& report) {
  const RunRecord& run = report.run;
  html::Markup rows = row("campaign", run.campaign_file);
  rows += digest_row("digest", run.campaign_digest);
  rows += row("policy", policy_names(report));
  rows += digest_row("digest", policy_of(report));
  if (!other_policy_of(report).empty()) rows += digest_row("the run's own policy", run.policy_digest);
  rows += row("bench", run.bench);
  rows += row("host", run.host);
  if (!run.machine.empty()) rows += row("machine", run.machine);
  if (!run.user.empty()) rows += row("user", run.user);
  if (!run.commit.empty()) rows += row("commit", run.commit);
  rows += row("tinyhil", run.version);
  rows += row("started", run.started_at);
  rows += row("run", std::to_string(run.id));
  if (run.sampling) rows += row("order", order_of(run));
  if (!report.evidence.empty()) rows += row("evidence", report.evidence);
  return block(html::text("Run"), rows);
}

}  // namespace

html::Markup provenance(const Page& page) {
  html::Markup blocks = board_blocks(page);
  for (const Series& series : page.series) blocks += model_block(series);
  blocks += vectors_block(page.report.vectors) + run_block(page.report);
  return html::element("div", "fact-blocks", blocks);
}

}  // namespace tinyhil::report::page
