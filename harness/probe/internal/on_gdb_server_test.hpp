// SPDX-License-Identifier: Apache-2.0
// For tests: a core behind a GDB server that a test starts.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gdb_remote.hpp"
#include "testing/await.hpp"
#include "testing/counting_program.hpp"
#include "testing/folder.hpp"
#include "transport/child_process.hpp"

namespace tinyhil::probe {

class OnGdbServer : public testing::Test {
 protected:
  void TearDown() override {  // before what the server is connected to
    core.reset();
    process.reset();
  }

  // The server listens at settings.port, once it does.
  void start(const std::string& server, const std::vector<std::string>& command) {
    settings.server = server;
    process.emplace(command);
    connect();
  }
  void connect() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (true) {
      core.emplace(io.get_executor(), settings);
      const auto connected = finish(core->connect());
      if (connected) return;
      ASSERT_LT(std::chrono::steady_clock::now(), end)
          << connected.error().what << " " << process->last_words();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // until its port is open
    }
  }
  template <class T>
  T finish(asio::awaitable<T> task) {
    return test::await(io, std::move(task));
  }
  std::uint32_t counter() { return rsp_word(finish(core->read(test::kCounter, 4)).value()); }
  std::uint32_t pc() { return finish(core->registers()).value().at("pc"); }

  test::TestFolder folder;
  GdbSettings settings{.port = test::free_port(), .limit = std::chrono::seconds(20)};
  std::optional<transport::ChildProcess> process;
  asio::io_context io{1};
  std::optional<GdbRemote> core;
};

}  // namespace tinyhil::probe
