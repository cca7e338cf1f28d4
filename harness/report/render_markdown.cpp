// SPDX-License-Identifier: Apache-2.0
// For a pull-request comment: the verdict, what did not pass, slices, what was run. GitHub takes 64 KiB.
#include <algorithm>
#include <vector>

#include "base/digest.hpp"
#include "not_shown.hpp"
#include "outliers.hpp"
#include "report.hpp"
#include "report/internal/deciding.hpp"
#include "report/internal/numbers.hpp"
#include "report/internal/ordered.hpp"
#include "report/internal/printable.hpp"
#include "report/internal/slice_rows.hpp"
#include "report/internal/words.hpp"

namespace tinyhil::report {
namespace {

constexpr std::size_t kSizeLimit = 60'000;
constexpr std::size_t kTextLimit = 300;  // of one name or reason
constexpr std::size_t kSlicesShown = 60;

const char* emoji_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "✅";
    case Outcome::fail:
      return "❌";
    case Outcome::inconclusive:
      return "❔";
    case Outcome::error:
      return "⚠️";
    case Outcome::waived:
      return "☑️";
  }
  return "⚠️";
}

std::string replacement_of(char character) {
  switch (character) {
    case '\n':
    case '\r':
    case '\t':
      return " ";
    case '<':
      return "&lt;";
    case '&':
      return "&amp;";
    case '@':
      return "@&#8203;";  // a model named @someone must not notify them
    case '#':
      return "#&#8203;";  // nor one named #1 point to an issue
    default:
      return std::string("\\`*_[]|~>$").find(character) == std::string::npos ? std::string(1, character)
                                                                             : std::string{'\\', character};
  }
}

// Text that Markdown takes literally, on one line, of bounded length.
std::string literal(std::string_view text) {
  std::string out;
  const std::string whole = clipped(text, kTextLimit);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const std::string_view rest = std::string_view(whole).substr(i);
    const bool begins_link = rest.starts_with("://") || (rest.starts_with('.') && out.ends_with("www"));
    out += (begins_link ? "&#8203;" : "") + replacement_of(whole[i]);
  }
  return out;
}

std::string code(const Digest& digest) {
  return digest == Digest{} ? "not known" : "`" + digest.short_hex() + "`";
}

std::string row_of(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + cell + " |";
  return row + "\n";
}

std::string header_of(const std::vector<std::string>& names) {
  return row_of(names) + row_of(std::vector<std::string>(names.size(), "---"));
}

// Appends whole lines while they fit; counts those that did not.
class Comment {
 public:
  void add(const std::string& line) {
    if (text_.size() + line.size() > kSizeLimit)
      ++omitted_;
    else
      text_ += line;
  }

  void add_section(const std::string& title, const std::string& header) {
    add("\n### " + title + "\n\n" + header);
  }

  std::string finish() const {
    return omitted_ == 0 ? text_
                         : text_ + "\n" + format_count(omitted_) + " lines left out; report.json has all.\n";
  }

 private:
  std::string text_;
  std::size_t omitted_ = 0;
};

// Before everything else: a waived release has not passed.
void add_waived(Comment& comment, const Report& report) {
  std::string rows;
  for (const Verdict& verdict : report.verdicts) {
    for (const Finding& finding : verdict.findings) {
      if (!has_waiver(finding)) continue;
      const WaiverUse& use = finding.waivers.back();
      rows +=
          row_of({literal(verdict.candidate), literal(finding.rule), literal(use.reason), literal(use.owner),
                  literal(use.approved_by), literal(use.expires) + (use.expires_soon ? " **soon**" : "")});
    }
  }
  if (rows.empty()) return;
  comment.add("**Waived: these rules failed, and somebody answers for it.**\n\n" +
              header_of({"candidate", "rule", "why", "owner", "approved by", "valid through"}) + rows + "\n");
}

std::string change_of(const Verdict& verdict) {
  const Check* check = deciding(verdict).check;
  if (check == nullptr || check->would_change.empty()) return "–";
  return literal(check->subject + ": " + check->would_change);
}

void add_verdicts(Comment& comment, const Report& report) {
  // The marker lets a CI job find and update its own comment.
  comment.add("<!-- tinyhil " + report.run.campaign_digest.hex() + " -->\n");
  comment.add("## " + literal(headline(report)) + "\n\n");
  add_waived(comment, report);
  if (report.verdicts.empty()) return;
  comment.add(header_of({"verdict", "candidate", "against", "why", "what would change it", "rules"}));
  for (const Verdict* verdict : most_urgent_first(report.verdicts))
    comment.add(row_of({std::string(emoji_of(verdict->outcome)) + " **" + to_string(verdict->outcome) + "**",
                        literal(verdict->candidate), literal(verdict->baseline), literal(verdict->reason),
                        change_of(*verdict), tally(*verdict)}));
  if (const std::string note = family_note(report.verdicts); !note.empty())
    comment.add("\n" + literal(note) + "\n");
  if (const std::string other = other_policy_of(report); !other.empty()) comment.add("\n" + other + "\n");
  for (const std::string& control : controls_of(report)) comment.add("\n" + literal(control) + "\n");
  for (const std::string& runs : earlier_runs_of(report)) comment.add("\n" + literal(runs) + "\n");
  for (const std::string& retry : retries_of(report)) comment.add("\n" + literal(retry) + "\n");
  for (const std::string& outlier : outliers_of(report)) comment.add("\n⚠️ " + literal(outlier) + "\n");
}

void add_not_shown(Comment& comment, const Report& report) {
  const std::vector<NotShown> list = not_shown(report);
  if (list.empty()) return;
  comment.add_section("What this does not show", "");
  for (const NotShown& one : list) comment.add("- " + literal(one.topic) + ": " + literal(one.why) + "\n");
}

std::string outcome_of(Outcome outcome) { return std::string(emoji_of(outcome)) + " " + to_string(outcome); }

std::string check_row(const Verdict& verdict, const Finding& finding, const Check& check) {
  const bool difference = is_difference(finding);
  const std::string measured =
      check.estimate ? format_quantity(*check.estimate, check.unit, difference) : check.reason;
  const std::string limit = check.limit ? format_limit(*check.limit, check.unit, difference) : "–";
  std::string rule = literal(finding.rule);
  if (finding.severity == Severity::minor) rule += " (warns only)";
  return row_of({outcome_of(check.outcome), literal(verdict.candidate), rule, literal(check.subject),
                 literal(measured), literal(format_interval(check.interval, check.unit, difference)),
                 literal(limit), format_count(check.n), literal(check.would_change)});
}

// Rules of whole devices (a fault, a missing baseline) have no checks; their reason must not be lost.
std::string reason_row(const Verdict& verdict, const Finding& finding) {
  return row_of({outcome_of(finding.outcome), literal(verdict.candidate), literal(finding.rule),
                 literal(finding.reason), "–", "", "–", "–", ""});
}

std::vector<std::string> rows_not_passed(const Verdict& verdict) {
  std::vector<std::string> rows;
  for (const Finding* finding : most_urgent_first(verdict.findings)) {
    if (finding->outcome == Outcome::pass) continue;
    const std::size_t before = rows.size();
    for (const Check* check : most_urgent_first(finding->checks))
      if (check->outcome != Outcome::pass) rows.push_back(check_row(verdict, *finding, *check));
    if (rows.size() == before) rows.push_back(reason_row(verdict, *finding));
  }
  return rows;
}

void add_not_passed(Comment& comment, const Report& report) {
  std::vector<std::string> rows;
  for (const Verdict* verdict : most_urgent_first(report.verdicts))
    for (std::string& row : rows_not_passed(*verdict)) rows.push_back(std::move(row));
  if (rows.empty()) return;
  comment.add_section("What did not pass", header_of({"", "candidate", "rule", "check", "measured",
                                                      "interval", "limit", "n", "what would change it"}));
  for (const std::string& row : rows) comment.add(row);
}

std::string told_remarks(const Scorecard& card) {
  std::string words = remarks_of(card);
  for (const SurvivedFault& one : card.survived) {
    if (whose(one) == Whose::remark) words += " " + one.fault.evidence;
  }
  return words;
}

void add_faults(Comment& comment, const std::vector<Series>& series) {
  for (const Series& one : series) {
    const Scorecard& card = *one.card;
    const std::string fatal =
        card.fault ? std::string(to_string(card.fault->kind)) + ", " + card.fault->what : "";
    for (const std::string& words :
         {fatal, quarantine_of(card), survived_of(card), outside_troubles_of(card), told_remarks(card)}) {
      if (!words.empty()) comment.add("\n**" + literal(one.name) + "**: " + literal(words) + "\n");
    }
  }
}

void add_scores(Comment& comment, const Report& report, const std::vector<Series>& series) {
  if (series.empty()) return;
  std::vector<std::string> names{"slice", "n"};
  std::vector<std::string> overall{"all vectors", format_count(series.front().card->accuracy.n)};
  for (const Series& one : series) {
    names.push_back(literal(one.name) + (one.baseline ? " (baseline)" : ""));
    overall.push_back("**" + format_proportion(one.card->accuracy) + "**");
  }
  comment.add_section(heading_of_scores(report.vectors), header_of(names) + row_of(overall));
  const std::vector<SliceRow> rows = slice_rows(series, kSlicesShown);
  for (const SliceRow& row : rows) {
    std::vector<std::string> cells{literal(row.slice + " = " + row.value), format_count(vectors_in(row))};
    for (std::size_t i = 0; i < series.size(); ++i) {
      const SliceScore* score = row.scores[i];
      const std::string words = score == nullptr ? "–" : format_proportion(score->accuracy);
      cells.push_back(score != nullptr && is_lowest(*score, *series[i].card) ? "**" + words + "** lowest"
                                                                             : words);
    }
    comment.add(row_of(cells));
  }
  if (const std::size_t all = count_slices(series); all > rows.size())
    comment.add("\nThe " + format_count(rows.size()) + " lowest of " + format_count(all) + " slices.\n");
}

void add_trials(Comment& comment, const std::vector<Series>& series) {
  if (series.empty()) return;
  comment.add_section("Run on", header_of({"model", "digest on device", "board", "image read back", "mode",
                                           "latency p99", "arena"}));
  for (const Series& one : series) {
    const TrialInfo& info = one.card->info;
    const Measured& latency = one.card->latency;
    const bool timed = latency.is_known();
    comment.add(row_of({literal(one.name), code(info.model_digest),
                        literal(info.board.name + ", " + describe(info.board)), code(info.board.image),
                        std::string(to_string(info.mode)) + (info.polled ? ", through a debug probe" : ""),
                        timed ? format_us(latency.to_millionths(latency.steps_at(0.99))) : "–",
                        info.arena_used == 0 ? "–" : format_bytes(info.arena_used)}));
  }
  for (const Series& one : series) {
    const std::string read_back = read_back_of(*one.card);
    if (!read_back.empty()) comment.add("\n**" + literal(one.name) + "**: " + literal(read_back) + ".\n");
  }
}

void add_footer(Comment& comment, const Report& report, const std::vector<Series>& series) {
  for (const Series& one : series) {
    const std::string caveat = latency_caveat(one.card->info.board);
    if (caveat.empty()) continue;
    comment.add("\n" + caveat + "\n");
    break;
  }
  comment.add("\n" + format_count(report.vectors.count) + " vectors " + code(report.vectors.digest) +
              ", campaign " + code(report.run.campaign_digest) + ", policy " + code(policy_of(report)) +
              ", bench " + literal(report.run.bench) + ", tinyhil " + literal(report.run.version) + ", " +
              literal(report.run.started_at) +
              (report.verdicts.empty() ? "" : ", judged " + literal(report.verdicts.front().judged_at)) +
              "\n");
  if (!report.evidence.empty()) comment.add("\nEvidence: " + literal(report.evidence) + "\n");
}

}  // namespace

std::string render_markdown(const Report& report) {
  const std::vector<Series> series = series_of(report);
  Comment comment;
  add_verdicts(comment, report);
  add_faults(comment, series);
  add_not_passed(comment, report);
  add_scores(comment, report, series);
  add_trials(comment, series);
  add_not_shown(comment, report);
  add_footer(comment, report, series);
  return comment.finish();
}

}  // namespace tinyhil::report
