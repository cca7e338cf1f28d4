// SPDX-License-Identifier: Apache-2.0
// What TLS connections of one side have in common: TLS 1.2 and 1.3, only with forward secrecy and
// authenticated encryption, without renegotiation and compression. OpenSSL's headers stay out of others.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "daemon/http/tls_files.hpp"

namespace tinyhil::daemon {

class TlsContext {
 public:
  // Throws Error(usage): a file cannot be read, is none, or the key is not the certificate's or is open to
  // others.
  static std::unique_ptr<TlsContext> of_server(const TlsFiles& files);
  // Whom it trusts: the certificates of a file, or the system's when that is empty. Throws Error(usage).
  static std::unique_ptr<TlsContext> of_client(const std::filesystem::path& trusted);

  struct State;
  explicit TlsContext(std::unique_ptr<State> state);
  ~TlsContext();
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace tinyhil::daemon
