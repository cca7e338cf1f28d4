// SPDX-License-Identifier: Apache-2.0
#include "envelope.hpp"

#include <nlohmann/json.hpp>

#include "base64.hpp"
#include "broken.hpp"

namespace tinyhil {
namespace {

using Json = nlohmann::ordered_json;

std::string envelope_of(std::string_view type, std::string_view body, const std::string& key_id,
                        const std::string& signature) {
  const Json document = {{"payloadType", type},
                         {"payload", to_base64(body)},
                         {"signatures", Json::array({{{"keyid", key_id}, {"sig", to_base64(signature)}}})}};
  return document.dump() + "\n";
}

// Of the one place that holds it; anything else in the envelope is compared as a whole.
std::string signature_in(const std::string& name, std::string_view envelope) {
  const Json document = Json::parse(envelope, nullptr, false);
  const Json::json_pointer place("/signatures/0/sig");
  if (document.is_discarded() || !document.contains(place) || !document[place].is_string())
    throw broken(name, "it is no envelope with a signature");
  const auto signature = from_base64(document[place].get<std::string>());
  if (!signature) throw broken(name, "its signature is no base64");
  return *signature;
}

}  // namespace

std::string pre_authentication_encoding(std::string_view type, std::string_view body) {
  std::string text = "DSSEv1 " + std::to_string(type.size()) + " ";
  text.append(type).append(" ").append(std::to_string(body.size())).append(" ").append(body);
  return text;
}

std::string seal(std::string_view type, std::string_view body, const SigningKey& key) {
  return envelope_of(type, body, key.public_key().id(), key.sign(pre_authentication_encoding(type, body)));
}

void check_envelope(const std::string& name, std::string_view envelope, std::string_view type,
                    std::string_view body, const std::string& key_id, const PublicKey* key) {
  const std::string signature = signature_in(name, envelope);
  if (envelope_of(type, body, key_id, signature) != envelope)
    throw broken(name, "its payload or key id is not that of the file that it signs");
  if (key == nullptr) return;
  if (key->id() != key_id) throw broken(name, "it was signed by key " + key_id + ", not by " + key->id());
  if (!key->has_signed(pre_authentication_encoding(type, body), signature))
    throw broken(name, "the signature is not that of key " + key_id);
}

}  // namespace tinyhil
