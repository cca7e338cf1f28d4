// SPDX-License-Identifier: Apache-2.0
#include "envelope.hpp"

#include <nlohmann/json.hpp>

#include "base64.hpp"
#include "evidence/broken.hpp"

namespace tinyhil::evidence {
namespace {

using Json = nlohmann::ordered_json;

std::string envelope_of(const Payload& payload, const std::string& key_id, const std::string& signature) {
  const Json document = {{"payloadType", payload.type},
                         {"payload", to_base64(payload.body)},
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

std::string pre_authentication_encoding(const Payload& payload) {
  const auto& [type, body] = payload;
  std::string text = "DSSEv1 " + std::to_string(type.size()) + " ";
  text.append(type).append(" ").append(std::to_string(body.size())).append(" ").append(body);
  return text;
}

std::string seal(const Payload& payload, const SigningKey& key) {
  return envelope_of(payload, key.public_key().id(), key.sign(pre_authentication_encoding(payload)));
}

Envelope::Envelope(std::string name, std::string_view content, const Payload& payload, std::string key_id)
    : name_(std::move(name)),
      payload_(payload),
      key_id_(std::move(key_id)),
      signature_(signature_in(name_, content)) {
  if (envelope_of(payload_, key_id_, signature_) != content)
    throw broken(name_, "its payload or key id is not that of the file that it signs");
}

void Envelope::require_signature_of(const PublicKey& key) const {
  if (key.id() != key_id_) throw broken(name_, "it was signed by key " + key_id_ + ", not by " + key.id());
  if (!key.has_signed(pre_authentication_encoding(payload_), signature_))
    throw broken(name_, "the signature is not that of key " + key_id_);
}

}  // namespace tinyhil::evidence
