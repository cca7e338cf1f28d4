// SPDX-License-Identifier: Apache-2.0
// A certificate authority for a test, and certificates that it signs, as PEM files. Keys are on P-256.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "folder.hpp"

namespace tinyhil::test {

class Authority {
 public:
  explicit Authority(const TestFolder& folder, std::string name = "authority")
      : folder_(folder), name_(std::move(name)), key_(new_key()) {
    certificate_ = certificate_of(*key_, name_, "", true);
  }

  std::string certificate() const { return pem_of(*certificate_); }
  std::string file() const { return folder_.write(name_ + ".pem", certificate()); }

  // Writes NAME.pem and NAME.key, for this name or address (SAN), such as "IP:127.0.0.1".
  void sign(const std::string& name, const std::string& subject) const {
    const Key key = new_key();
    const Certificate signed_one = certificate_of(*key, name, subject, false);
    folder_.write(name + ".pem", pem_of(*signed_one));
    const std::string file = folder_.write(name + ".key", pem_of(*key));
    ::chmod(file.c_str(), 0600);
  }

 private:
  template <auto Free>
  struct Deleter {
    template <class T>
    void operator()(T* object) const {
      Free(object);
    }
  };
  using Key = std::unique_ptr<EVP_PKEY, Deleter<::EVP_PKEY_free>>;
  using Certificate = std::unique_ptr<X509, Deleter<::X509_free>>;
  using Memory = std::unique_ptr<BIO, Deleter<::BIO_free_all>>;

  static Key new_key() { return Key(EVP_EC_gen("P-256")); }

  static std::string content(const Memory& memory) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
  }
  static std::string pem_of(X509& certificate) {
    const Memory memory(::BIO_new(::BIO_s_mem()));
    ::PEM_write_bio_X509(memory.get(), &certificate);
    return content(memory);
  }
  static std::string pem_of(EVP_PKEY& key) {
    const Memory memory(::BIO_new(::BIO_s_mem()));
    ::PEM_write_bio_PrivateKey(memory.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
    return content(memory);
  }

  void add(X509& to, int kind, const std::string& value) const {
    X509_EXTENSION* extension = ::X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    if (extension == nullptr) throw std::runtime_error("no such extension: " + value);
    ::X509_add_ext(&to, extension, -1);
    ::X509_EXTENSION_free(extension);
  }

  Certificate certificate_of(EVP_PKEY& key, const std::string& name, const std::string& subject,
                             bool is_own) const {
    constexpr long kDay = 86'400;
    Certificate made(::X509_new());
    ::X509_set_version(made.get(), X509_VERSION_3);
    ::ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial_);
    ::X509_gmtime_adj(X509_getm_notBefore(made.get()), -kDay);
    ::X509_gmtime_adj(X509_getm_notAfter(made.get()), kDay);
    X509_NAME* own = ::X509_get_subject_name(made.get());
    ::X509_NAME_add_entry_by_txt(own, "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    ::X509_set_issuer_name(made.get(), is_own ? own : ::X509_get_subject_name(certificate_.get()));
    ::X509_set_pubkey(made.get(), &key);
    if (is_own) add(*made, NID_basic_constraints, "critical,CA:TRUE");
    if (!subject.empty()) add(*made, NID_subject_alt_name, subject);
    ::X509_sign(made.get(), key_.get(), ::EVP_sha256());
    return made;
  }

  const TestFolder& folder_;
  std::string name_;
  Key key_;
  Certificate certificate_;
  mutable long serial_ = 0;
};

}  // namespace tinyhil::test
