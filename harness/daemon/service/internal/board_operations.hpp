// SPDX-License-Identifier: Apache-2.0
// What holders of leases have done to their boards: reset, power cycle, firmware, memory. Each is a command
// of this program's own, as a child process, which takes the board's lock; the board's line lets go of it
// meanwhile, and is opened again. A lease has one at a time. One that is under way when its lease ends goes
// on: nobody gets the board before it has let go of the lock. Example:
//
//   OperationWish wish{"reset"};
//   const BoardOperation begun = operations.begin(lease, std::move(wish));
//   const BoardOperation ended = co_await operations.wait(lease.id, begun.number, std::chrono::seconds(30));
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "daemon/campaigns/internal/blob_store.hpp"
#include "daemon/service/internal/board_program.hpp"
#include "daemon/service/internal/keeper.hpp"
#include "daemon/service/internal/lease_book.hpp"
#include "daemon/service/internal/leased_lines.hpp"
#include "daemon/service/internal/news.hpp"

namespace tinyhil::daemon {

struct SentImage {
  Digest digest;     // of an upload
  std::string name;  // of its file, by which some tools tell its format
};

struct OperationWish {
  std::string command;               // of the program: "reset", "power-cycle", "flash", "memory", "core"
  std::vector<std::string> words{};  // behind it and the bench: "--halt"
  std::optional<SentImage> image{};  // of a flash; none: the one that the bench names
};

struct BoardOperation {
  std::uint64_t number = 0;  // of the daemon's, since it was started
  OperationWish wish;
  std::string doing;  // "tinyhil flash runs"; of one that is over, empty
  Moment begun_at{};
  std::optional<Moment> ended_at{};
  std::string result{};          // of one that was done: the JSON document that its command said
  std::optional<Error> error{};  // what it failed with
  bool has_touched_board = false;
};

// All is lent and outlives the operations.
struct OperationParts {
  Keeper& keeper;
  LeaseBook& book;
  LeasedLines& lines;
  const BlobStore& blobs;
};

class BoardOperations {
 public:
  // `folder`: for images while they are used; what a daemon that was killed has left there is removed.
  // Throws Error(bench_fault) where that is not possible.
  BoardOperations(ProgramPlace program, OperationParts parts, std::filesystem::path folder);

  // Of a lease that is held. It stands in the audit. Throws Error: no_lease while another one of this lease
  // is under way, usage for an image that was not sent or is larger than 64 MiB.
  BoardOperation begin(const LeaseRecord& lease, OperationWish wish);
  // The latest of a lease, when it is over or after `longest`. Throws Error(not_found) for any other.
  asio::awaitable<BoardOperation> wait(RequestId lease, std::uint64_t number, std::chrono::seconds longest);

 private:
  using Slot = std::shared_ptr<BoardOperation>;  // shared with who carries it out: the lease may end before
  std::filesystem::path folder_of(const BoardOperation& operation) const;
  void lay_out(const BoardOperation& operation) const;
  BoardProgram program_of(const BoardOperation& operation, const InventoryBoard& entry) const;
  void refuse_a_second(RequestId lease);
  asio::awaitable<void> carry_out(LeaseRecord lease, InventoryBoard entry, Slot operation);
  void note(const LeaseRecord& lease, const BoardOperation& operation, const std::string& outcome);

  ProgramPlace program_;
  OperationParts parts_;
  std::filesystem::path folder_;
  std::map<RequestId, Slot> latest_;
  std::uint64_t begun_ = 0;
  News<RequestId> news_;  // of leases whose operation is over
};

}  // namespace tinyhil::daemon
