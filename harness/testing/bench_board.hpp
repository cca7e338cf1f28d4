// SPDX-License-Identifier: Apache-2.0
// A board of a bench file in `/desk`, for tests of what reads its link.
#pragma once

#include <string>

#include "model/bench.hpp"

namespace tinyhil::test {

// `link`: its keys, "driver: tcp, port: 5555"; `more`: keys of the board, each with a comma behind it.
inline Board board_with(const std::string& link, const std::string& more = "") {
  const std::string entry = "{name: b1, provenance: real, " + more + "link: {" + link + "}}";
  return parse_bench("bench: desk\nboards: [" + entry + "]\n", "/desk/bench.yaml").boards.front();
}

}  // namespace tinyhil::test
