// SPDX-License-Identifier: Apache-2.0
// The bench file of a leased board for a program on another machine than the daemon's: the board as the
// daemon's own bench describes it, its image beside it, and a link that leads through the daemon. Gone with
// the object. Example:
//
//   const RemoteBench bench(address, board_document, image);
//   environment.emplace_back("TINYHIL_BENCH", bench.file().string());
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/temporary_folder.hpp"

namespace tinyhil::app {

class RemoteBench {
 public:
  // `described`: as GET /api/v1/leases/N/board says it. `image`: content of the board's image, where it has
  // one. Throws Error(bench_fault) for a description that is none.
  RemoteBench(const std::string& daemon, const nlohmann::ordered_json& described,
              const std::optional<std::string>& image);

  const std::filesystem::path& file() const { return file_; }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_;
};

// Whether GET /api/v1/leases/N/image has something to give.
bool has_image(const nlohmann::ordered_json& described);

}  // namespace tinyhil::app
