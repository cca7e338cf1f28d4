// SPDX-License-Identifier: Apache-2.0
// DSSE v1 (secure-systems-lab/dsse): {"payloadType", "payload": base64, "signatures": [{"keyid", "sig":
// base64}]}, one signature, Ed25519 over
//   "DSSEv1" SP length(type) SP type SP length(body) SP body
// where body is the raw file, so that nothing is parsed before it is known to be genuine.
#pragma once

#include <string>
#include <string_view>

#include "evidence/key.hpp"

namespace tinyhil::evidence {

inline constexpr std::string_view kInTotoType = "application/vnd.in-toto+json";

// What is signed.
struct Payload {
  std::string_view type;
  std::string_view body;
};

std::string pre_authentication_encoding(const Payload& payload);

std::string seal(const Payload& payload, const SigningKey& key);

// An envelope that is known to be what seal() gives of a payload with a key of this id. Lends the payload.
class Envelope {
 public:
  // Throws Error(fail) at `name` unless `content` is that.
  Envelope(std::string name, std::string_view content, const Payload& payload, std::string key_id);

  // Throws Error(fail) at the name unless this key has signed it.
  void require_signature_of(const PublicKey& key) const;

 private:
  std::string name_;
  Payload payload_;
  std::string key_id_;
  std::string signature_;
};

}  // namespace tinyhil::evidence
