// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/write_file.hpp"
#include "commands.hpp"
#include "evidence/key.hpp"

namespace tinyhil::app {

ExitCode key_new_command(const std::filesystem::path& file) {
  const std::filesystem::path public_file = file.string() + ".pub";
  if (std::filesystem::exists(public_file)) {
    throw Error(ErrorKind::usage, "the public key's file is there already", public_file.string(),
                "name a new file");
  }
  const evidence::SigningKey key = evidence::SigningKey::make();
  key.save(file);
  write_file(public_file, key.public_key().pem());
  fmt::print("{:<13} {} (keep it secret)\n{:<13} {}\n{:<13} {}\n", "private", file.string(), "public",
             public_file.string(), "key id", key.public_key().id());
  return ExitCode::pass;
}

}  // namespace tinyhil::app
