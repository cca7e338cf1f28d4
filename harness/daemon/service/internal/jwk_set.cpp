// SPDX-License-Identifier: Apache-2.0
#include "jwk_set.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.hpp"
#include "daemon/http/base64url.hpp"

namespace tinyhil::daemon {

namespace {

using nlohmann::json;

constexpr std::size_t kKeysMost = 100;
constexpr int kRsaBitsLeast = 2048;
constexpr std::size_t kRsaBytesMost = 2048;  // 16,384 bits
constexpr std::size_t kP256Bytes = 32;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BigNumber = std::unique_ptr<BIGNUM, Freed<::BN_free>>;
using KeyBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<::OSSL_PARAM_BLD_free>>;
using KeyParameters = std::unique_ptr<OSSL_PARAM, Freed<::OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<::EVP_PKEY_CTX_free>>;
using PublicKey = std::unique_ptr<EVP_PKEY, Freed<::EVP_PKEY_free>>;
using KeyMemory = std::unique_ptr<BIO, Freed<::BIO_free_all>>;
using KeyBytes = std::vector<unsigned char>;

// Empty: it is none.
KeyBytes decoded(const std::string& text) {
  if (text.size() > 2 * kRsaBytesMost) return {};
  const std::string bytes = from_base64url(text).value_or("");
  return {bytes.begin(), bytes.end()};
}

std::string text_in(const json& key, const char* name) {
  const auto found = key.find(name);
  return found != key.end() && found->is_string() ? found->get<std::string>() : "";
}

PublicKey key_from(const char* kind, OSSL_PARAM_BLD* builder) {
  const KeyParameters parameters(::OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(::EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* made = nullptr;
  if (::EVP_PKEY_fromdata_init(context.get()) != 1 ||
      ::EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    made = nullptr;
  ::ERR_clear_error();
  return PublicKey(made);
}

PublicKey rsa_key(const json& key) {
  const KeyBytes modulus = decoded(text_in(key, "n"));
  const KeyBytes exponent = decoded(text_in(key, "e"));
  if (modulus.empty() || exponent.empty() || modulus.size() > kRsaBytesMost || exponent.size() > 8)
    return nullptr;
  const BigNumber n(::BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
  const BigNumber e(::BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
  if (::BN_num_bits(n.get()) < kRsaBitsLeast || ::BN_is_odd(e.get()) == 0 || ::BN_is_one(e.get()) == 1)
    return nullptr;
  const KeyBuilder builder(::OSSL_PARAM_BLD_new());
  ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return key_from("RSA", builder.get());
}

PublicKey p256_key(const json& key) {
  const KeyBytes x = decoded(text_in(key, "x"));
  const KeyBytes y = decoded(text_in(key, "y"));
  if (text_in(key, "crv") != "P-256" || x.size() != kP256Bytes || y.size() != kP256Bytes) return nullptr;
  KeyBytes point{0x04};  // not compressed
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  const KeyBuilder builder(::OSSL_PARAM_BLD_new());
  ::OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  ::OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return key_from("EC", builder.get());  // which refuses a point that is not on the curve
}

std::string pem_of(EVP_PKEY& key) {
  const KeyMemory memory(::BIO_new(::BIO_s_mem()));
  ::PEM_write_bio_PUBKEY(memory.get(), &key);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

// Nothing: it is of a kind that is not taken.
std::optional<SigningKeyOfIssuer> key_in(const json& key) {
  const bool is_rsa = text_in(key, "kty") == "RSA";
  const std::string algorithm = is_rsa ? "RS256" : "ES256";
  const std::string use = text_in(key, "use");
  const std::string said = text_in(key, "alg");
  if ((!use.empty() && use != "sig") || (!said.empty() && said != algorithm)) return std::nullopt;
  const PublicKey made = is_rsa ? rsa_key(key) : text_in(key, "kty") == "EC" ? p256_key(key) : nullptr;
  if (!made) return std::nullopt;
  return SigningKeyOfIssuer{algorithm, pem_of(*made)};
}

[[noreturn]] void no_set(const std::string& what, const std::string& where) {
  throw Error(ErrorKind::usage, what, where, "put the issuer's JWKS there: what its jwks_uri gives");
}

}  // namespace

JwkSet::JwkSet(std::string_view text, const std::string& where) {
  const json document = json::parse(text, nullptr, false);
  const auto keys = document.is_object() ? document.find("keys") : document.end();
  if (!document.is_object() || keys == document.end() || !keys->is_array())
    no_set("this is no set of keys", where);
  if (keys->size() > kKeysMost) no_set("there are more than 100 keys", where);
  for (const json& each : *keys) {
    if (!each.is_object()) continue;
    const std::string name = text_in(each, "kid");
    std::optional<SigningKeyOfIssuer> key = name.empty() ? std::nullopt : key_in(each);
    if (!key) continue;
    const bool is_new = keys_.emplace(name, std::move(*key)).second;
    if (!is_new) no_set("two keys are called `" + name + "`", where);
  }
  if (keys_.empty()) no_set("there is no key for RS256 or ES256 with a `kid`", where);
}

const SigningKeyOfIssuer* JwkSet::find(const std::string& key_id) const {
  const auto found = keys_.find(key_id);
  return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace tinyhil::daemon
