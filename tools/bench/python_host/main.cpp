// SPDX-License-Identifier: Apache-2.0
// bench-python-host AGENT MODEL INPUTS VECTORS SIZE ROUNDS: infers the vectors, SIZE bytes each, on the agent
// as a process, over and over on one open board, and prints the seconds of each round as JSON.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "campaign/board_session.hpp"
#include "device/agent/agent_device.hpp"
#include "model/inference_rows.hpp"
#include "transport/process.hpp"

namespace tinyhil {
namespace {

VectorSet read_vectors(const std::filesystem::path& file, std::size_t count, std::uint32_t size) {
  VectorSet vectors;
  vectors.file = file;
  vectors.count = count;
  vectors.input.only().rank = 2;
  vectors.input.only().dims = {1, size, 1, 1};
  vectors.inputs = read_file(file, count * size, "vectors");
  return vectors;
}

ModelFile read_model(const std::filesystem::path& file) {
  ModelFile model;
  model.name = file.stem();
  model.file = file;
  model.content = read_file(file, kModelSizeMax, "model");
  model.digest = sha256(model.content);
  return model;
}

double infer(asio::io_context& io, campaign::BoardSession& session, const ModelFile& model,
             const VectorSet& vectors) {
  const auto start = std::chrono::steady_clock::now();
  std::optional<Result<InferenceRows>> rows;
  std::exception_ptr failure;
  asio::co_spawn(io, session.infer(model, vectors, {}, [](std::uint64_t) {}),
                 [&](std::exception_ptr thrown, Result<InferenceRows> result) {
                   failure = thrown;
                   rows = std::move(result);
                 });
  io.restart();
  io.run();
  if (failure) std::rethrow_exception(failure);
  if (!*rows) throw Error(ErrorKind::bench_fault, describe(rows->error()), "the agent", "see above");
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

asio::awaitable<std::unique_ptr<device::Device>> open_agent(asio::any_io_executor executor,
                                                            std::string program) {
  co_return std::make_unique<device::AgentDevice>(transport::open_process(executor, {program}));
}

int run(const std::vector<std::string>& words) {
  const Board board{"b", Provenance::process, {}, "process", Section::parse("driver: process", "bench")};
  asio::io_context io(1);
  campaign::BoardSession session(board, [&] { return open_agent(io.get_executor(), words[0]); });
  const ModelFile model = read_model(words[1]);
  const VectorSet vectors =
      read_vectors(words[2], std::stoul(words[3]), static_cast<std::uint32_t>(std::stoul(words[4])));
  nlohmann::json seconds = nlohmann::json::array();
  infer(io, session, model, vectors);  // so that it is open and filled
  for (int round = 0; round < std::stoi(words[5]); ++round)
    seconds.push_back(infer(io, session, model, vectors));
  std::cout << seconds.dump() << '\n';
  return 0;
}

}  // namespace
}  // namespace tinyhil

int main(int argc, char** argv) {
  try {
    if (argc != 7) throw std::runtime_error("AGENT MODEL INPUTS VECTORS SIZE ROUNDS");
    return tinyhil::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "bench-python-host: " << error.what() << '\n';
    return 2;
  }
}
