// SPDX-License-Identifier: Apache-2.0
// A bundle unpacked, checked and judged again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "dossier.hpp"
#include "evidence/key.hpp"

namespace tinyhil::campaign {

struct Verified {
  Dossier dossier;           // as computed here
  std::string version;       // of the tinyhil that made the bundle
  bool same_version = true;  // if not, only verdicts and the result were compared, not the pages
  std::optional<std::string> other_bounds;  // first place where this version's formulas give another bound
};

// Throws Error(fail) whose `where` is the place in the bundle, or Error(usage) when there is no such file.
Verified verify_bundle(const std::filesystem::path& bundle, const evidence::PublicKey* key);
Verified verify_files(const evidence::Files& files, const evidence::PublicKey* key);  // of a bundle

}  // namespace tinyhil::campaign
