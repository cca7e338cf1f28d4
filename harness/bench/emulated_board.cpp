// SPDX-License-Identifier: Apache-2.0
#include "emulated_board.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "base/error.hpp"

namespace tinyhil::bench {

namespace {

constexpr const char* kEmulator = "qemu-system-arm";

bool installed(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

void check(const EmulatedBoard& board) {
  if (!installed(kEmulator)) {
    throw Error(ErrorKind::bench_fault, "the emulator is not installed", kEmulator,
                "install it: apt install qemu-system-arm, or ./dev setup");
  }
  if (!board.image.empty() && !std::filesystem::is_regular_file(board.image)) {
    throw Error(ErrorKind::usage, "there is no firmware image for the emulated board", board.image.string(),
                "build it: ./dev build firmware-" + board.machine);
  }
}

// QEMU would say so too, but only after we have waited for the board.
void check_free(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool is_free = ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(descriptor);
  if (!is_free) {
    throw Error(ErrorKind::bench_fault, "the port is already in use", "127.0.0.1:" + std::to_string(port),
                "stop the program that listens there, or choose another --tcp port");
  }
}

// A comma ends a value in QEMU's options, two are one.
std::string escaped(const std::string& value) {
  std::string result;
  for (const char each : value) result += each == ',' ? ",," : std::string(1, each);
  return result;
}

// The virtual clock advances 2^5 ns an instruction and never waits for the wall clock: equal work takes equal
// ticks in every run, on every host.
std::vector<std::string> command(const EmulatedBoard& board, const std::string& serial) {
  check(board);
  std::vector<std::string> words{
      kEmulator,  "-M",   board.machine, "-accel",      "tcg",         "-icount", "shift=5,sleep=off",
      "-display", "none", "-monitor",    "none",        "-nodefaults", "-nic",    "none",
      "-chardev", serial, "-serial",     "chardev:line"};
  if (!board.image.empty()) {
    words.push_back("-kernel");
    words.push_back(board.image.string());
  }
  if (!board.activity) return words;
  for (const std::string& word :
       {std::string("-chardev"), "socket,id=activity,server=off,path=" + escaped(board.activity->string()),
        std::string("-serial"), std::string("chardev:activity")}) {
    words.push_back(word);
  }
  return words;
}

}  // namespace

std::vector<std::string> emulated_machines() { return {"mps2-an385", "mps2-an386", "mps2-an500"}; }

std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnNothing) {
  return command(board, "null,id=line");
}

std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnStdio) {
  return command(board, "stdio,id=line,signal=off");
}

std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnPty) {
  return command(board, "pty,id=line");
}

std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnTcp tcp) {
  check_free(tcp.port);
  return command(board, "socket,id=line,host=127.0.0.1,port=" + std::to_string(tcp.port) +
                            ",server=on,wait=off,nodelay=on");
}

}  // namespace tinyhil::bench
