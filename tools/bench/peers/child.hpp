// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace peers {

// A program with our pipes as its stdin and stdout. Owns both ends and the process.
class Child {
 public:
  // Throws std::system_error when there is no pipe or no process; a program that cannot run ends the line at
  // once.
  explicit Child(const std::vector<std::string>& command);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  int from() const { return from_; }
  int to() const { return to_; }

 private:
  int from_ = -1;
  int to_ = -1;
  pid_t pid_ = -1;
};

}  // namespace peers
