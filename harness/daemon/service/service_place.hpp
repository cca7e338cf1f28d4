// SPDX-License-Identifier: Apache-2.0
// Where a daemon of this account is, unless it is told otherwise.
#pragma once

#include <filesystem>

namespace tinyhil::daemon {

// root: /run/tinyhil/daemon.sock; anybody else: in $XDG_RUNTIME_DIR, or in a folder of their own in the
// temporary place.
std::filesystem::path socket_file();
// root: /var/lib/tinyhil; anybody else: $XDG_STATE_HOME/tinyhil, or ~/.local/state/tinyhil.
std::filesystem::path state_folder();

}  // namespace tinyhil::daemon
