// SPDX-License-Identifier: Apache-2.0
#include "tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <utility>

#include "base/error.hpp"
#include "daemon/http/secret_file.hpp"
#include "tls_state.hpp"

namespace tinyhil::daemon {

namespace {

using boost::asio::ssl::context;
using boost::system::error_code;

// Of TLS 1.2; those of 1.3 are all of this kind.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::unique_ptr<TlsContext::State> state_of(context::method side) {
  auto state = std::make_unique<TlsContext::State>(TlsContext::State{context(side)});
  SSL_CTX* const own = state->context.native_handle();
  ::SSL_CTX_set_options(own,
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  ::SSL_CTX_set_mode(own, SSL_MODE_RELEASE_BUFFERS);  // an idle connection keeps none
  if (::SSL_CTX_set_min_proto_version(own, TLS1_2_VERSION) != 1 ||
      ::SSL_CTX_set_cipher_list(own, kCiphers) != 1)
    throw Error(ErrorKind::bench_fault, "this OpenSSL does not do TLS 1.2 with AES-GCM", "OpenSSL",
                "see its configuration: openssl ciphers -v");
  ::ERR_clear_error();
  return state;
}

void check(const error_code& error, const std::filesystem::path& file, const char* what) {
  if (!error) return;
  ::ERR_clear_error();
  throw Error(ErrorKind::usage, std::string(what) + ": " + error.message(), file.string(),
              "give files in PEM, as a certificate authority, or `openssl req -x509`, makes them");
}

}  // namespace

TlsContext::TlsContext(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsContext::~TlsContext() = default;

std::unique_ptr<TlsContext> TlsContext::of_server(const TlsFiles& files) {
  check_secrecy(files.key, "the key");
  std::unique_ptr<State> state = state_of(context::tls_server);
  error_code error;
  state->context.use_certificate_chain_file(files.certificate.string(), error);
  check(error, files.certificate, "this is no certificate");
  // A key with a pass phrase would ask for it on the terminal.
  state->context.set_password_callback([](std::size_t, context::password_purpose) { return std::string(); });
  state->context.use_private_key_file(files.key.string(), context::pem, error);
  check(error, files.key, "this is no private key of the certificate, or it has a pass phrase");
  if (::SSL_CTX_check_private_key(state->context.native_handle()) != 1)
    throw Error(ErrorKind::usage, "the key is not the certificate's", files.key.string(),
                "give the two that belong together");
  return std::make_unique<TlsContext>(std::move(state));
}

std::unique_ptr<TlsContext> TlsContext::of_client(const std::filesystem::path& trusted) {
  std::unique_ptr<State> state = state_of(context::tls_client);
  error_code error;
  if (trusted.empty()) {
    state->context.set_default_verify_paths(error);
    check(error, "the system's certificates", "cannot be read");
  } else {
    state->context.load_verify_file(trusted.string(), error);
    check(error, trusted, "this holds no certificate to trust");
  }
  return std::make_unique<TlsContext>(std::move(state));
}

}  // namespace tinyhil::daemon
