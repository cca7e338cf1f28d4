// SPDX-License-Identifier: Apache-2.0
// The files of the page as they lie in the program.
#pragma once

#include <span>
#include <string_view>

namespace tinyhil::daemon {

struct PageFile {
  std::string_view path;      // as a browser asks for it
  std::string_view type;      // of its content
  std::string_view encoding;  // "gzip", or empty
  std::string_view bytes;
  bool has_name_of_content = false;  // another content would have another name: it may be kept for ever
};

// The first is `/`. Written by build.mjs, or by no_page.cpp in a build without the page.
std::span<const PageFile> page_files();

}  // namespace tinyhil::daemon
