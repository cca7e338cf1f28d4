// SPDX-License-Identifier: Apache-2.0
// `tinyhil token`: a new caller of a daemon, who shows a token; the file of tokens has only its digest.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "daemon/http/named_tokens.hpp"
#include "daemon/selector.hpp"
#include "daemon_options.hpp"

namespace tinyhil::app {

namespace {

[[noreturn]] void not_written(const std::filesystem::path& file) {
  throw Error(ErrorKind::output, std::string("cannot add to the file: ") + std::strerror(errno),
              file.string(), "run it as the owner of the file");
}

void refuse_twin(const std::filesystem::path& file, const std::string& name) {
  if (!std::filesystem::exists(file)) return;
  const daemon::NamedTokens tokens(file);
  for (const daemon::Caller& caller : tokens.callers())
    if (caller.name == name)
      throw Error(ErrorKind::usage, "`" + name + "` has a token already", file.string(),
                  "take that line out first, or choose another name");
}

// A line at the end: whoever reads the file at the same moment sees it whole or not at all.
void append(const std::filesystem::path& file, const std::string& line) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) not_written(file);
  const std::string text = line + "\n";
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  const bool is_kept = written == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!is_kept) not_written(file);
}

}  // namespace

ExitCode token_command(const TokenOptions& options) {
  using daemon::Role;
  const Role role = options.role == "admin"  ? Role::admin
                    : options.role == "user" ? Role::user
                                             : Role::viewer;
  daemon::Selector::parse(options.boards);
  const daemon::NewToken made = daemon::new_token({options.name, role, options.boards});
  refuse_twin(options.file, options.name);
  append(options.file, made.line);
  fmt::print("{}\n", made.token);
  fmt::print(stderr,
             "{} may call as {}; the token is shown only now. Tell the daemon: systemctl reload tinyhil\n",
             options.name, options.role);
  return ExitCode::pass;
}

}  // namespace tinyhil::app
