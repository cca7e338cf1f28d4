// SPDX-License-Identifier: Apache-2.0
// The bench file of a leased board for a program on another machine than the daemon's: the board as the
// daemon's own bench describes it, its image beside it, and a link that leads through the daemon. Gone with
// the object. Example:
//
//   const std::unique_ptr<RemoteBench> bench = co_await fetch_remote_bench(client, address, lease);
//   environment.emplace_back("TINYHIL_BENCH", bench->file().string());
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/temporary_folder.hpp"
#include "daemon/http/client.hpp"

namespace tinyhil::app {

class RemoteBench {
 public:
  // `described`: as GET /api/v1/leases/N/board says it, with `address` and `token_file` in its link. Throws
  // Error(bench_fault) for a description that is none.
  RemoteBench(const nlohmann::ordered_json& described, const std::string& token,
              const std::optional<std::string>& image);

  const std::filesystem::path& file() const { return file_; }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_;
};

// Of a lease that is granted, asked of the daemon at this address. Throws as Client::ask.
boost::asio::awaitable<std::unique_ptr<RemoteBench>> fetch_remote_bench(daemon::Client& client,
                                                                        std::string daemon,
                                                                        nlohmann::json lease);

}  // namespace tinyhil::app
