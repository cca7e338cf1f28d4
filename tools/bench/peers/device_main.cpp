// SPDX-License-Identifier: Apache-2.0
// bench-peer-device --protocol mlperf|stopwait --input BYTES --output BYTES --invoke-us N
// A device of another project's protocol on stdin and stdout, until stdin ends.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "device.hpp"
#include "options.hpp"

namespace {

[[noreturn]] void serve(const peers::Options& options) {
  const peers::Model model{options.number("--input"), options.number("--output"),
                           std::chrono::microseconds(options.number("--invoke-us"))};
  const std::string& protocol = options.text("--protocol");
  peers::Stream line(STDIN_FILENO, STDOUT_FILENO);
  if (protocol == "mlperf") peers::serve_mlperf(line, model);
  if (protocol == "stopwait") peers::serve_stopwait(line, model);
  throw std::runtime_error("no such protocol: " + protocol + "; there are mlperf and stopwait");
}

}  // namespace

int main(int count, char** arguments) try {
  std::signal(SIGPIPE, SIG_IGN);
  serve(peers::Options(count, arguments, {"--protocol", "--input", "--output", "--invoke-us"}));
} catch (const peers::EndOfInput&) {
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-peer-device: %s\n", error.what());
  return 2;
}
