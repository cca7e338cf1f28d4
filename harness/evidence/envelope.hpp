// SPDX-License-Identifier: Apache-2.0
// DSSE v1 (secure-systems-lab/dsse): {"payloadType", "payload": base64, "signatures": [{"keyid", "sig":
// base64}]}, one signature, Ed25519 over
//   "DSSEv1" SP length(type) SP type SP length(body) SP body
// where body is the raw file, so that nothing is parsed before it is known to be genuine.
#pragma once

#include <string>
#include <string_view>

#include "key.hpp"

namespace tinyhil {

inline constexpr std::string_view kInTotoType = "application/vnd.in-toto+json";

std::string pre_authentication_encoding(std::string_view type, std::string_view body);

std::string seal(std::string_view type, std::string_view body, const SigningKey& key);

// Throws Error(fail) at `name` unless `envelope` is what seal() gives of this type and body with a key of
// this id; with `key`, unless that key has signed it.
void check_envelope(const std::string& name, std::string_view envelope, std::string_view type,
                    std::string_view body, const std::string& key_id, const PublicKey* key);

}  // namespace tinyhil
