// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "page_file.hpp"

namespace tinyhil::daemon {

std::span<const PageFile> page_files() {
  static constexpr std::array<PageFile, 1> kFiles{{{"/", "text/html; charset=utf-8", "",
                                                    R"(<!DOCTYPE html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<title>tinyhil</title>
<h1>This tinyhil has no web page</h1>
<p>It was built with TINYHIL_PAGE=OFF. Build it with npm installed and TINYHIL_PAGE=ON, or use the commands
<code>tinyhil boards</code>, <code>tinyhil leases</code> and the <a href="/api/v1/openapi.json">interface</a>.</p>
</html>
)"}}};
  return kFiles;
}

}  // namespace tinyhil::daemon
