// SPDX-License-Identifier: Apache-2.0
#include "key.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file_content.hpp"

namespace tinyhil::evidence {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPemSizeMax = 64u << 10;
constexpr std::size_t kSignatureSize = 64;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// OpenSSL without Ed25519, or out of memory.
void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot work with Ed25519 keys");
}

const unsigned char* openssl_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Without this OpenSSL asks the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Bio memory_of(const std::vector<std::uint8_t>& content) {
  const void* bytes = content.empty() ? "" : static_cast<const void*>(content.data());  // never null
  Bio bio(BIO_new_mem_buf(bytes, static_cast<int>(content.size())));
  require(bio != nullptr);
  return bio;
}

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

KeyHandle checked(EVP_PKEY* key, const fs::path& file, const std::string& noun, const std::string& remedy) {
  KeyHandle handle(key);
  if (handle && EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) return handle;
  throw Error(ErrorKind::usage, "the file holds no Ed25519 " + noun, file.string(), remedy);
}

std::string id_of(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  require(size > 0);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(
      der, [](unsigned char* bytes) { OPENSSL_free(bytes); });
  return sha256(std::span<const std::uint8_t>(der, static_cast<std::size_t>(size))).hex();
}

[[noreturn]] void fail_to_write(const fs::path& file, int error) {
  const bool there = error == EEXIST;
  throw Error(there ? ErrorKind::usage : ErrorKind::output,
              there ? "the key's file is there already"
                    : "the key cannot be written: " + std::generic_category().message(error),
              file.string(), "name a new file in a folder that you may write to");
}

void refuse_readable_for_others(const fs::path& file) {
  std::error_code unknown;  // whatever it is, reading it will tell
  const fs::file_status status = fs::status(file, unknown);
  if (unknown || !fs::is_regular_file(status)) return;
  if ((status.permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none) return;
  throw Error(ErrorKind::usage, "the signing key may be read or written by others than its owner",
              file.string(), "chmod 600 " + file.string() + "; if somebody may have read it, make a new key");
}

void write_secret(const fs::path& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) fail_to_write(file, errno);
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  const int error = written < 0 ? errno : ENOSPC;
  if (::close(descriptor) == 0 && written == static_cast<ssize_t>(text.size())) return;
  ::unlink(file.c_str());  // half a key is none
  fail_to_write(file, error);
}

}  // namespace

void FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

PublicKey::PublicKey(KeyHandle handle) : handle_(std::move(handle)), id_(id_of(handle_.get())) {}

PublicKey PublicKey::load(const fs::path& file) {
  const auto content = read_file(file, kPemSizeMax, "public key");
  EVP_PKEY* key = PEM_read_bio_PUBKEY(memory_of(content).get(), nullptr, no_passphrase, nullptr);
  return PublicKey(checked(key, file, "public key",
                           "name the .pub file of `tinyhil key new`, or what `openssl pkey -pubout` wrote"));
}

bool PublicKey::has_signed(std::string_view message, std::string_view signature) const {
  const Context context(EVP_MD_CTX_new());
  require(context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle_.get()) == 1);
  return EVP_DigestVerify(context.get(), openssl_bytes(signature), signature.size(), openssl_bytes(message),
                          message.size()) == 1;
}

std::string PublicKey::pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(bio && PEM_write_bio_PUBKEY(bio.get(), handle_.get()) == 1);
  return text_of(bio.get());
}

SigningKey SigningKey::load(const fs::path& file) {
  if (!fs::exists(file)) {
    throw Error(ErrorKind::usage, "there is no such signing key", file.string(),
                "make a pair of keys: tinyhil key new " + file.string());
  }
  refuse_readable_for_others(file);
  const auto content = read_file(file, kPemSizeMax, "signing key");
  EVP_PKEY* key = PEM_read_bio_PrivateKey(memory_of(content).get(), nullptr, no_passphrase, nullptr);
  return SigningKey(checked(key, file, "private key without a passphrase",
                            "name a file of `tinyhil key new`, or of `openssl genpkey -algorithm ed25519`"));
}

SigningKey SigningKey::make() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  require(key != nullptr);
  return SigningKey(KeyHandle(key));
}

PublicKey SigningKey::public_key() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(handle_.get(), &der);
  require(size > 0);
  const unsigned char* at = der;
  KeyHandle copy(d2i_PUBKEY(nullptr, &at, size));
  OPENSSL_free(der);
  require(copy != nullptr);
  return PublicKey(std::move(copy));
}

std::string SigningKey::sign(std::string_view message) const {
  const Context context(EVP_MD_CTX_new());
  std::string signature(kSignatureSize, '\0');
  std::size_t size = signature.size();
  require(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_.get()) == 1 &&
          EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                         openssl_bytes(message), message.size()) == 1);
  return signature;
}

void SigningKey::save(const fs::path& file) const {
  const Bio bio(BIO_new(BIO_s_secmem()));
  require(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), handle_.get(), nullptr, nullptr, 0, nullptr,
                                               nullptr) == 1);
  write_secret(file, text_of(bio.get()));
}

}  // namespace tinyhil::evidence
