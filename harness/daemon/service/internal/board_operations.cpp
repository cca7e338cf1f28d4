// SPDX-License-Identifier: Apache-2.0
#include "board_operations.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file_content.hpp"
#include "base/visible.hpp"
#include "daemon/campaigns/internal/job_folder.hpp"
#include "daemon/line/image_limit.hpp"
#include "model/error_kind.hpp"

namespace tinyhil::daemon {

namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::size_t kBeginOfWords = 250;  // of what a tool has said, which is told from both ends
constexpr std::size_t kEndOfWords = 650;

std::string lease_name(RequestId lease) { return "lease " + std::to_string(lease.value); }

// A tool says in the beginning what it does, and in the end why it gives up.
std::string both_ends(const std::string& text) {
  if (text.size() <= kBeginOfWords + kEndOfWords) return text;
  const std::string_view head = std::string_view(text).substr(0, kBeginOfWords);
  std::string_view tail = std::string_view(text).substr(text.size() - kEndOfWords);
  while (!tail.empty() && (static_cast<unsigned char>(tail.front()) & 0xC0) == 0x80) tail.remove_prefix(1);
  return std::string(head.substr(0, whole_characters(head))) + " ... " + std::string(tail);
}

// A path as whoever sent the image knows it.
std::string without_folder(std::string text, const fs::path& folder) {
  const std::string here = folder.string() + '/';
  for (std::size_t at = text.find(here); at != std::string::npos; at = text.find(here, at))
    text.erase(at, here.size());
  return text;
}

Error error_in(const nlohmann::ordered_json& fields, const fs::path& folder) {
  const auto text = [&](const char* key) { return both_ends(without_folder(fields.value(key, ""), folder)); };
  return Error(error_kind(fields.value("exit_code", 0)), text("what"), text("where"), text("remedy"));
}

// What the command has said of its end.
void take_answer(const ProgramAnswer& answer, const fs::path& folder, BoardOperation& operation) {
  const auto document = nlohmann::ordered_json::parse(answer.text, nullptr, false);
  const std::string command = "tinyhil " + operation.wish.command;
  if (answer.has_ended && document.is_object() && document.contains("error")) {
    const nlohmann::ordered_json& fields = document["error"];
    operation.error = error_in(fields, folder);
    operation.has_touched_board = fields.value("board_touched", false);
  } else if (answer.has_ended && document.is_object()) {
    operation.result = without_folder(document.dump(), folder);
    operation.has_touched_board = true;
  } else {
    operation.error =
        Error(ErrorKind::bench_fault,
              answer.has_ended ? "`" + command + "` ended without an answer"
                               : "`" + command + "` did not end in time " + visible(answer.text),
              "the daemon", "see the daemon's log, and whether the board answers: tinyhil boards");
    operation.has_touched_board = true;  // nobody knows
  }
}

}  // namespace

BoardOperations::BoardOperations(ProgramPlace program, OperationParts parts, fs::path folder)
    : program_(std::move(program)), parts_(parts), folder_(std::move(folder)), news_(program_.executor) {
  std::error_code error;
  fs::remove_all(folder_, error);
  if (error)
    throw Error(ErrorKind::bench_fault,
                "the images of an earlier daemon cannot be removed: " + error.message(), folder_.string(),
                "remove the folder by hand, or name another place with --state");
}

fs::path BoardOperations::folder_of(const BoardOperation& operation) const {
  return folder_ / std::to_string(operation.number);
}

void BoardOperations::lay_out(const BoardOperation& operation) const {
  if (!operation.wish.image) return;
  const SentImage& image = *operation.wish.image;
  check_sent_path(image.name);
  if (image.name.find('/') != std::string::npos)
    throw Error(ErrorKind::usage, "an image's name is no path", "image_name", "leave its folder out");
  const fs::path place = folder_of(operation) / image.name;
  parts_.blobs.link(image.digest, place);
  try {
    check_file(place, kImageMost, "firmware image");
  } catch (const Error& error) {
    std::error_code ignored;  // removed with all others when the daemon starts
    fs::remove_all(place.parent_path(), ignored);
    throw Error(error.kind(), error.what(), image.name, error.remedy());
  }
}

BoardProgram BoardOperations::program_of(const BoardOperation& operation, const InventoryBoard& entry) const {
  const OperationWish& wish = operation.wish;
  BoardProgram program = board_program(wish.command, entry);
  program.words.insert(program.words.end(), wish.words.begin(), wish.words.end());
  if (wish.image)
    program.words.insert(program.words.end(),
                         {"--image", (folder_of(operation) / wish.image->name).string()});
  return program;
}

// Those of leases that are over are forgotten, so that there are no more than open leases.
void BoardOperations::refuse_a_second(RequestId lease) {
  std::erase_if(latest_, [this](const auto& each) {
    return each.second->ended_at && !parts_.book.is_open(each.first);
  });
  const auto found = latest_.find(lease);
  if (found == latest_.end() || found->second->ended_at) return;
  throw Error(ErrorKind::no_lease, "its board is in use: `" + found->second->wish.command + "` is under way",
              lease_name(lease), "wait for its end: operation " + std::to_string(found->second->number));
}

BoardOperation BoardOperations::begin(const LeaseRecord& lease, OperationWish wish) {
  refuse_a_second(lease.id);
  const InventoryBoard* entry = parts_.keeper.board(lease.board);
  if (entry == nullptr)
    throw Error(ErrorKind::lease_lost, "board " + lease.board + " is gone", "the daemon's bench files",
                "lease another one");
  const auto operation = std::make_shared<BoardOperation>();
  operation->number = ++begun_;
  operation->wish = std::move(wish);
  operation->begun_at = parts_.keeper.now();
  lay_out(*operation);
  note(lease, *operation, "begun");
  latest_[lease.id] = operation;
  asio::co_spawn(program_.executor, carry_out(lease, *entry, operation), asio::detached);
  return *operation;
}

asio::awaitable<void> BoardOperations::carry_out(LeaseRecord lease, InventoryBoard entry, Slot operation) {
  operation->doing = "its line is closed";
  co_await parts_.lines.pause(lease.id);
  BoardProgram program = program_of(*operation, entry);
  operation->doing = "tinyhil " + operation->wish.command + " runs";
  const ProgramAnswer answer = co_await run_board_program(program_, std::move(program), std::move(entry));
  parts_.lines.go_on(lease.id);
  const fs::path folder = folder_of(*operation);
  take_answer(answer, folder, *operation);
  std::error_code ignored;  // removed with all others when the daemon starts
  fs::remove_all(folder, ignored);
  operation->doing.clear();
  operation->ended_at = parts_.keeper.now();
  news_.tell(lease.id);
  parts_.blobs.drop_unused();
  // Last: a full disk takes no more of the audit, which is thrown to nobody.
  note(lease, *operation, operation->error ? std::string("failed: ") + operation->error->what() : "done");
}

asio::awaitable<BoardOperation> BoardOperations::wait(RequestId lease, std::uint64_t number,
                                                      std::chrono::seconds longest) {
  const auto found = latest_.find(lease);
  if (found == latest_.end() || found->second->number != number)
    throw Error(ErrorKind::not_found, "there is no such operation", lease_name(lease),
                "the latest of a lease is known, as long as the daemon runs");
  const Slot operation = found->second;
  const auto end = steady_clock::now() + longest;
  while (!operation->ended_at && steady_clock::now() < end) co_await news_.wait(lease, end);
  co_return *operation;
}

void BoardOperations::note(const LeaseRecord& lease, const BoardOperation& operation,
                           const std::string& outcome) {
  parts_.book.note({0, parts_.keeper.now(), lease.wish.owner, "lease." + operation.wish.command,
                    lease_name(lease.id), "board " + lease.board + ": " + outcome});
}

}  // namespace tinyhil::daemon
