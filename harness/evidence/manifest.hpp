// SPDX-License-Identifier: Apache-2.0
// manifest.json: name, size and SHA-256 of every other file of a bundle but the envelopes, and who signed. It
// is what the signature of the bundle covers, in manifest.dsse.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "archive.hpp"
#include "key.hpp"

namespace tinyhil::evidence {

inline constexpr const char* kManifest = "manifest.json";
inline constexpr std::string_view kManifestType = "application/vnd.tinyhil.manifest+json";
inline constexpr const char* kEnvelopeSuffix = ".dsse.json";

// Adds manifest.json and, with a key, an envelope for it and for each of the in-toto statements named.
void finish_bundle(Files& files, const std::vector<std::string>& statements, const SigningKey* key);

// Throws Error(fail) at the first file that is missing, too many or not as the manifest or an envelope says.
// Returns the id of the key that signed, empty for an unsigned bundle. Without `key` a signature proves
// nothing.
std::optional<std::string> check_bundle(const Files& files, const std::vector<std::string>& statements,
                                        const PublicKey* key);

}  // namespace tinyhil::evidence
