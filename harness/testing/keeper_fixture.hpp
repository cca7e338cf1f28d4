// SPDX-License-Identifier: Apache-2.0
// A keeper with real locks, in a folder of the test's own, and boards that are never opened.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "daemon/service/internal/inventory.hpp"
#include "daemon/service/internal/keeper.hpp"
#include "daemon/service/internal/lease_book.hpp"
#include "daemon/service/internal/ledger.hpp"
#include "testing/fake_board_check.hpp"
#include "testing/folder.hpp"

namespace tinyhil::test {

class KeeperFixture : public ::testing::Test {
 protected:
  KeeperFixture() { setenv("TINYHIL_LOCKS", folder_.path().c_str(), 1); }
  ~KeeperFixture() override {
    keeper_->stop();
    run_until([] { return false; }, std::chrono::milliseconds(50));
    unsetenv("TINYHIL_LOCKS");
  }

  // Once, with the boards of a bench file.
  void start(const std::string& bench) {
    folder_.write("bench.yaml", bench);
    ledger_.emplace(file_);
    book_.emplace(*ledger_, daemon::LeasePolicy{}, daemon::Moment(std::chrono::seconds(1'800'000'000)));
    keeper_.emplace(io_.get_executor(), *book_, check_, policy_);
    keeper_->set_inventory(daemon::load_inventory({bench_}));
    boost::asio::co_spawn(io_, keeper_->run(), boost::asio::detached);
  }
  template <class Condition>
  bool run_until(Condition holds, std::chrono::milliseconds longest = std::chrono::seconds(20)) {
    const auto end = std::chrono::steady_clock::now() + longest;
    while (!holds() && std::chrono::steady_clock::now() < end) io_.run_one_for(std::chrono::milliseconds(10));
    return holds();
  }

  const TestFolder folder_;
  const std::filesystem::path bench_ = folder_.path() / "bench.yaml";
  const std::filesystem::path file_ = folder_.path() / "daemon.db";
  boost::asio::io_context io_{1};
  std::optional<daemon::Ledger> ledger_;
  FakeBoardCheck check_;
  daemon::KeeperPolicy policy_;
  std::optional<daemon::LeaseBook> book_;
  std::optional<daemon::Keeper> keeper_;
};

}  // namespace tinyhil::test
