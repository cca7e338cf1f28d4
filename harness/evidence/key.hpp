// SPDX-License-Identifier: Apache-2.0
// Ed25519 keys in PEM files, as `openssl genpkey -algorithm ed25519` makes them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace tinyhil::evidence {

struct FreeKey {
  void operator()(evp_pkey_st* key) const;
};
using KeyHandle = std::unique_ptr<evp_pkey_st, FreeKey>;

class PublicKey {
 public:
  // Throws Error(usage) unless the file is one Ed25519 public key.
  static PublicKey load(const std::filesystem::path& file);
  explicit PublicKey(KeyHandle handle);

  const std::string& id() const { return id_; }  // SHA-256 of the key's DER (SubjectPublicKeyInfo), in hex
  bool has_signed(std::string_view message, std::string_view signature) const;
  std::string pem() const;

 private:
  KeyHandle handle_;
  std::string id_;
};

class SigningKey {
 public:
  // Throws Error(usage) unless the file is one Ed25519 private key without a passphrase.
  static SigningKey load(const std::filesystem::path& file);
  static SigningKey make();

  PublicKey public_key() const;
  std::string sign(std::string_view message) const;  // 64 bytes
  // PEM, readable for its owner only. Throws Error(usage) when the file exists, Error(bench_fault) when it
  // cannot be written.
  void save(const std::filesystem::path& file) const;

 private:
  explicit SigningKey(KeyHandle handle) : handle_(std::move(handle)) {}
  KeyHandle handle_;
};

}  // namespace tinyhil::evidence
