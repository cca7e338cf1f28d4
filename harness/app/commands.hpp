// SPDX-License-Identifier: Apache-2.0
// The commands of the CLI. Each returns the process's exit code or throws Error.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "model/exit_code.hpp"
#include "report/report.hpp"
#include "sim/line.hpp"
#include "sim/powershield_bench.hpp"
#include "sim/ppk2_bench.hpp"
#include "sim/probe/probe_bench.hpp"

namespace tinyhil::app {

// Shared by the commands that judge a run.
struct JudgeOptions {
  std::filesystem::path campaign;
  std::filesystem::path store = "results/tinyhil.db";
  std::vector<std::string> candidates;          // only these; empty: all of the campaign
  std::optional<std::filesystem::path> report;  // folder
  std::optional<std::int64_t> run;              // default: the campaign's latest
  bool json = false;
  bool waived_ok = false;   // exit code 0 instead of 5
  bool thumbnails = false;  // the report draws inputs of failed vectors
};

struct NewOptions {
  std::filesystem::path folder;  // to be made; its name is the campaign's
  std::string task = "classification";
  std::filesystem::path data;  // .npz or .csv
  std::filesystem::path baseline;
  std::vector<std::filesystem::path> candidates;
  std::string classes;  // of a .csv, by commas; empty: by their names
};

struct RunsOptions {
  std::filesystem::path store = "results/tinyhil.db";
  bool json = false;
};

struct FailuresOptions {
  std::optional<std::int64_t> run;  // default: the store's latest
  std::filesystem::path store = "results/tinyhil.db";
  std::optional<std::filesystem::path> campaign;  // default: the file by which the run began
  std::string model;                              // empty: all candidates
  std::size_t limit = 20;                         // vectors of each candidate
  bool json = false;
};

struct RunOptions {
  JudgeOptions judge;
  std::optional<std::filesystem::path> bench;  // default: the campaign's
  std::vector<std::string> boards;             // which divide the vectors; default: the bench's first
  bool all_boards = false;                     // of the bench
  std::chrono::milliseconds wait{0};           // for boards that others hold
  bool resume = false;                         // the campaign's unfinished run, if there is one
  // That the boards have to run, in place of the bench's; put on those that can be programmed.
  std::optional<std::filesystem::path> image;
  std::string daemon;               // runs it on its boards; empty: it runs here
  std::string selector;             // of the daemon's boards that will do; empty: any
  std::size_t board_count = 1;      // of them, at most
  std::string priority = "normal";  // among those that wait for them
  std::optional<unsigned> retries;  // of what the bench did wrong, at most; default: the daemon's
  // Of the daemon's own child processes: the folder that has all files which the campaign names, where events
  // go, the seed of an order that these models have had, and what became of the attempts before.
  std::optional<std::filesystem::path> within;
  std::optional<std::filesystem::path> events;
  std::optional<std::uint64_t> seed;
  std::vector<FailedAttempt> failed_attempts{};
};

struct BundleOptions {
  JudgeOptions judge;                           // report: unused
  std::optional<std::filesystem::path> key;     // Ed25519 private key; none: the bundle is unsigned
  std::optional<std::filesystem::path> out;     // default: evidence.tar among the campaign's reports
  std::optional<std::filesystem::path> accept;  // what it has to hold to; else nothing is written
};

struct VerifyOptions {
  std::filesystem::path bundle;
  std::optional<std::filesystem::path> key;  // public; none: nothing proves who made the bundle
  bool allow_unsigned = false;
  bool verdicts_only = false;                   // pages that another version made need not be verified
  bool require_pass = false;                    // exit code of the verdict once the bundle is found genuine
  std::optional<std::string> policy;            // that must have judged: its file, or the SHA-256 of it
  std::optional<std::filesystem::path> accept;  // what it has to hold to; implies require_pass
  bool json = false;
};

struct BoardsOptions {
  std::filesystem::path bench;
  std::string board{};  // empty: all of them
  bool json = false;
};

struct ConsoleOptions {
  std::filesystem::path bench;
  std::string board;  // empty: the bench's first
  bool hello = false;
  std::optional<std::chrono::nanoseconds> limit;  // none: until it is interrupted
  std::uint64_t lines = 1'000'000;
};

// Of the commands that go to a board by its debug probe.
struct ProbeOptions {
  std::filesystem::path bench;
  std::string board;                           // empty: the bench's first
  bool is_held = false;                        // by who has started this program
  bool halt = false;                           // reset: stop before the first instruction
  bool resets_probe = false;                   // reset: the probe's USB device, not the board
  std::optional<std::filesystem::path> image;  // flash: default: the board's
  bool erases = false;                         // flash: all of the flash first
  std::uint32_t address = 0;                   // memory
  std::uint32_t size = 0;
  std::optional<std::filesystem::path> dump;  // core: write a core dump there
  bool json = false;
};

struct CheckOptions {
  std::vector<std::filesystem::path> models;
  std::optional<std::filesystem::path> bench;  // none: no board is asked
  std::string board;                           // empty: the bench's first
  bool operators = false;                      // lists those that the engine runs
  bool json = false;
};

struct PolicyDiffOptions {
  std::filesystem::path before, after;
  bool json = false;
};

// What is taken for true of a campaign that has not run.
struct AssumptionOptions {
  std::filesystem::path store = "results/tinyhil.db";  // may be missing
  std::optional<std::int64_t> run;                     // default: the campaign's latest, if there is one
  std::optional<double> effect;
  std::optional<double> discordance;
  std::chrono::nanoseconds per_vector = std::chrono::milliseconds(20);
  bool per_vector_given = false;
};

// The board's line, for what a campaign moves over it. What is not given is the bench's, or assumed.
struct LineOptions {
  std::optional<int> baud;
  std::optional<std::uint16_t> model_slots;
  std::optional<std::uint16_t> vector_slots;
  std::optional<std::uint32_t> vector_slot_size;
};

struct PlanOptions {
  JudgeOptions campaign;
  AssumptionOptions assumptions;
  LineOptions line;
  std::uint64_t seed = 1;
};

struct SimulateOptions {
  JudgeOptions campaign;
  AssumptionOptions assumptions;
  std::uint64_t runs = 2000;
  std::uint64_t seed = 1;
};

struct SimBoardOptions {
  std::string machine;
  std::filesystem::path image;
  std::optional<std::uint16_t> tcp;
  bool pty = false;
};

// The line between a near end (the harness) and a far end (the board).
struct SimLineOptions {
  bool pty = false;  // near end; neither this nor `listen`: stdin and stdout
  std::optional<std::filesystem::path> link;
  std::optional<std::uint16_t> listen;
  std::vector<std::string> command;  // far end: exactly one of these three
  std::optional<std::string> serial;
  std::optional<std::string> tcp;  // "host:port"
  std::uint32_t far_baud = 115200;
  std::optional<std::uint32_t> baud;
  std::optional<std::chrono::nanoseconds> latency;
  sim::LineSettings line;  // baud and latency apart, which depend on each other and on the near end
  std::string faults_in = "both";
  std::uint64_t seed = 1;
  std::optional<std::filesystem::path> stats;
};

struct SimPpk2Options {
  sim::Ppk2Bench::Options bench;
  std::optional<std::string> activity;         // "unix:PATH", "tcp:HOST:PORT"
  bool draws_errors = false;                   // of this unit, by the seed
  std::optional<std::filesystem::path> truth;  // JSON, written in the end
};

struct SimLpm01aOptions {
  sim::PowershieldBench::Options bench;
  std::optional<std::string> activity;         // "unix:PATH", "tcp:HOST:PORT"
  std::optional<std::filesystem::path> truth;  // JSON, written in the end
};

struct SimProbeOptions {
  sim::ProbeBench::Options bench;                       // but for its board
  std::optional<std::filesystem::path> firmware;        // none: an erased device
  std::string uart = "none";                            // "pty", "tcp"
  std::uint16_t uart_port = 0;                          // of 127.0.0.1; 0: a free one
  std::optional<std::filesystem::path> openocd_config;  // written once the probe is there
};

struct TraceShowOptions {
  std::filesystem::path file;
  std::optional<std::filesystem::path> store;  // none: nothing is said of windows
  bool json = false;
};

struct TraceExportOptions {
  std::filesystem::path file;
  std::optional<std::filesystem::path> csv, ppk2;  // one of them
  std::optional<double> from_s, to_s;              // of the recording; none: its start, its end
};

struct TraceImportOptions {
  std::filesystem::path file, to;
};

struct DoctorOptions {
  std::filesystem::path root = "/";
  bool json = false;
};

struct DiscoverOptions {
  bool greet = false;
  std::vector<std::string> ports;  // only these; empty: those of USB devices
  int baud = 115200;
  std::chrono::milliseconds boot{3'000};
  std::vector<std::string> probe_config;  // empty: for any Cortex-M
  std::optional<std::filesystem::path> write;
  std::filesystem::path root = "/";
  bool json = false;
};

ExitCode run_command(const RunOptions& options);
ExitCode judge_command(const JudgeOptions& options);
ExitCode report_command(const JudgeOptions& options);
ExitCode compare_command(const JudgeOptions& options);
ExitCode new_command(const NewOptions& options);
ExitCode runs_command(const RunsOptions& options);
ExitCode failures_command(const FailuresOptions& options);  // pass, however many vectors failed
ExitCode prove_command(
    const JudgeOptions& options);  // fail when a planted fault that a rule is made for is missed
ExitCode policy_diff_command(const PolicyDiffOptions& options);  // fail when anything is loosened
ExitCode check_command(const CheckOptions& options);             // fail when a model does not run
ExitCode plan_command(const PlanOptions& options);
ExitCode simulate_command(const SimulateOptions& options);   // fail when too much passes at the margin
ExitCode boards_command(const BoardsOptions& options);       // of the first board that `run` would refuse
ExitCode board_line_command(const ConsoleOptions& options);  // of the daemon's own
ExitCode console_command(const ConsoleOptions& options);     // pass when it was told to end
ExitCode flash_command(const ProbeOptions& options);         // wrong_image when it could not be written
ExitCode reset_command(const ProbeOptions& options);
ExitCode power_cycle_command(const ProbeOptions& options);
ExitCode memory_command(const ProbeOptions& options);
ExitCode core_command(const ProbeOptions& options);
ExitCode doctor_command(const DoctorOptions& options);  // bench_fault when there is something to mend
ExitCode discover_command(const DiscoverOptions& options);
ExitCode bundle_command(const BundleOptions& options);  // pass when it was written, whatever the verdict
ExitCode verify_command(const VerifyOptions& options);  // fail when it is not genuine
ExitCode key_new_command(const std::filesystem::path& file);  // and <file>.pub
ExitCode sim_board_command(const SimBoardOptions& options);  // becomes the emulator; returns only by throwing
ExitCode sim_line_command(const SimLineOptions& options);    // pass when the near end or the plug was pulled
ExitCode sim_ppk2_command(const SimPpk2Options& options);    // pass when it was unplugged
ExitCode sim_lpm01a_command(const SimLpm01aOptions& options);
ExitCode sim_probe_command(const SimProbeOptions& options);  // interrupted when it was told to end
ExitCode trace_show_command(const TraceShowOptions& options);
ExitCode trace_export_command(const TraceExportOptions& options);
ExitCode trace_import_command(const TraceImportOptions& options);

}  // namespace tinyhil::app
