// SPDX-License-Identifier: Apache-2.0
// Boards that answer what a test says, each answer once; then all is good.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "daemon/service/internal/board_check.hpp"

namespace tinyhil::test {

class FakeBoardCheck : public daemon::BoardCheck {
 public:
  boost::asio::awaitable<daemon::CheckResult> greet(daemon::InventoryBoard entry) override {
    done.push_back("greet " + entry.board.name);
    daemon::CheckResult result;
    if (!results.empty()) {
      result = results.front();
      results.pop_front();
    }
    co_return result;
  }
  std::string command(const daemon::InventoryBoard& entry) const override {
    return "look at " + entry.board.name;
  }
  daemon::Means means(const daemon::InventoryBoard& /*entry*/) const override { return has; }
  std::string absence(const daemon::InventoryBoard& /*entry*/) const override { return absent; }
  boost::asio::awaitable<std::string> carry_out(daemon::Step step, daemon::InventoryBoard entry) override {
    done.push_back(std::string(daemon::to_string(step)) + ' ' + entry.board.name);
    std::string problem;
    if (const auto told = problems.find(step); told != problems.end() && !told->second.empty()) {
      problem = told->second.front();
      told->second.pop_front();
    }
    co_return problem;
  }

  daemon::Means has{};
  std::string absent{};  // what is not plugged in
  std::deque<daemon::CheckResult> results{};
  std::map<daemon::Step, std::deque<std::string>> problems{};  // in carrying out; empty: none
  std::vector<std::string> done{};                             // "greet a", "reset a"
};

}  // namespace tinyhil::test
