// SPDX-License-Identifier: Apache-2.0
// What a campaign's run has left: its report, verdict, results and log.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "daemon/service/internal/routes.hpp"

namespace tinyhil::daemon {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPieceMost = 32L * 1024 * 1024;  // bytes of a reply
constexpr const char* kBytesOfFile = R"({"type": "string", "format": "binary"})";

struct FileRoute {
  const char* path;  // behind the campaign's
  const char* summary;
  const char* content_type;
  fs::path (*file)(const JobFolder& folder);
  bool is_whole_when_over = false;  // before, it is being written
};

fs::path report_of(const JobFolder& folder) { return folder.report() / "report.html"; }
fs::path junit_of(const JobFolder& folder) { return folder.report() / "junit.xml"; }
fs::path verdict_of(const JobFolder& folder) { return folder.report() / "report.json"; }
fs::path store_of(const JobFolder& folder) { return folder.store(); }
fs::path log_of(const JobFolder& folder) { return folder.log(); }

[[noreturn]] void not_there(const Request& request) {
  throw Error(ErrorKind::not_found, "the campaign has no such file, or not yet", request.path,
              "see its state: GET /api/v1/campaigns/" + request.path_parameters.at("id"));
}

// Of a regular file, from `from` on, at most `most` bytes; and how many it has in all.
std::string piece_of(const fs::path& file, std::int64_t from, std::int64_t most, std::int64_t& all) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat about {};
  std::string piece;
  ssize_t count = descriptor < 0 || ::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode) ? -1 : 0;
  if (count == 0) {
    piece.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(about.st_size - from, 0, most)));
    count = ::pread(descriptor, piece.data(), piece.size(), from);
  }
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (count < 0)
    throw Error(ErrorKind::bench_fault, std::string("a file cannot be read: ") + std::strerror(reason),
                file.string(), "see whether the daemon's --state is readable");
  piece.resize(static_cast<std::size_t>(count));
  all = about.st_size;
  return piece;
}

Reply reply_with_file(const Request& request, const fs::path& file, const char* content_type) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) not_there(request);
  const std::int64_t from = query_number(request, "from", 0, std::numeric_limits<std::int64_t>::max());
  const std::int64_t most = query_number(request, "most", kPieceMost, kPieceMost);
  std::int64_t all = 0;
  Reply reply;
  reply.content_type = content_type;
  reply.body = piece_of(file, from, most, all);
  if (!request.query.contains("most") && from + std::ssize(reply.body) < all)
    throw Error(ErrorKind::usage, "the file has " + std::to_string(all) + " bytes, too many for one reply",
                request.path, "ask for it in pieces: ?from=0&most=" + std::to_string(kPieceMost));
  return reply;
}

// A run that was killed leaves a part of its results beside the file; the next one takes it in.
void check_is_whole(const DaemonParts& parts, const Request& request, const CampaignRecord& record) {
  std::error_code error;
  const fs::path log = parts.runner.folder(record.id).store().string() + "-wal";
  const bool was_killed = fs::exists(log, error) && fs::file_size(log, error) > 0;
  if (is_over(record.state) && !parts.runner.is_active(record.id) && !was_killed) return;
  throw Error(ErrorKind::not_run_yet, "the results are still being written", request.path,
              was_killed && is_over(record.state) ? "resume the campaign, for its run was killed"
                                                  : "wait until the campaign is over");
}

asio::awaitable<Reply> send_file(DaemonParts parts, const FileRoute& what, const Request& request) {
  const CampaignRecord record = campaign_in(parts, request);
  const JobFolder folder = parts.runner.folder(record.id);
  if (what.is_whole_when_over) check_is_whole(parts, request, record);
  co_return reply_with_file(request, what.file(folder), what.content_type);
}

asio::awaitable<Reply> send_trace(DaemonParts parts, const Request& request) {
  const CampaignRecord record = campaign_in(parts, request);
  check_is_whole(parts, request, record);
  const std::string& name = request.path_parameters.at("name");
  if (name.find('/') != std::string::npos) not_there(request);
  check_sent_path(name);
  const fs::path file = parts.runner.folder(record.id).store().parent_path() / "traces" / name;
  co_return reply_with_file(request, file, "application/octet-stream");
}

const std::vector<QueryParameter>& piece_parameters() {
  static const std::vector<QueryParameter> parameters{
      {"from", "the first byte", R"({"type": "integer", "minimum": 0})"},
      {"most", "so many bytes", R"({"type": "integer", "minimum": 0, "maximum": 33554432})"}};
  return parameters;
}

constexpr FileRoute kFiles[] = {
    {"report", "Its report, one page", "text/html; charset=utf-8", report_of},
    {"junit", "Its verdicts as JUnit tests", "application/xml", junit_of},
    {"verdict", "Its verdicts, as `tinyhil judge --json` writes them", "application/json", verdict_of},
    {"store", "Its results, an SQLite database", "application/octet-stream", store_of, true},
    {"log", "What its run has said", "text/plain; charset=utf-8", log_of},
};

}  // namespace

void add_campaign_file_routes(std::vector<Route>& routes, DaemonParts parts) {
  for (const FileRoute& file : kFiles)
    routes.push_back({Verb::get,
                      "/api/v1/campaigns/{id}/" + std::string(file.path),
                      Role::viewer,
                      [parts, &file](const Request& request) { return send_file(parts, file, request); },
                      {file.summary,
                       "",
                       piece_parameters(),
                       {{200, "the file, or a piece of it", kBytesOfFile, file.content_type}},
                       kNumberSchema}});
  routes.push_back({Verb::get,
                    "/api/v1/campaigns/{id}/trace_files/{name}",
                    Role::viewer,
                    [parts](const Request& request) { return send_trace(parts, request); },
                    {"A current trace of its run, as its results name it",
                     "",
                     piece_parameters(),
                     {{200, "the file, or a piece of it", kBytesOfFile, "application/octet-stream"}},
                     R"({"type": "string"})"}});
}

}  // namespace tinyhil::daemon
