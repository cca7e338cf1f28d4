// SPDX-License-Identifier: Apache-2.0
// Standard output and standard error of the program. Whatever is printed with stdio goes through here: text
// is made visible (base/visible.hpp) on its way out, and a stream that cannot be written never ends a run.
#pragma once

#include <string>

namespace tinyhil::app::console {

// Once, before anything is opened or printed: `stdout` and `stderr` lead through here from now on. A stream
// that was closed is not left to the next file that is opened.
void open();

// Rewrites the last line of standard error, on a terminal; ends it when it is the final one.
void rewrite_line(const std::string& line, bool is_final);

// Writes what is still buffered. False when something that was printed on standard output got lost.
bool close();
std::string reason();  // why, after close() returned false

}  // namespace tinyhil::app::console
