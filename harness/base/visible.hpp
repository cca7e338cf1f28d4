// SPDX-License-Identifier: Apache-2.0
// Text of unknown origin, made safe to print: a device or a file must not control the terminal or change the
// order in which a reader sees the letters. The results are UTF-8. Example:
//
//   visible("ok\x1b[2J")  // "ok\u001b[2J", as text
#pragma once

#include <string>
#include <string_view>

namespace tinyhil {

// Control characters (all but tab and line feed), characters that change the direction of writing, and
// invisible line separators become \u and four digits, which JSON reads back; bytes that are no UTF-8 become
// \x and two.
std::string visible(std::string_view text);

// The same with tab and line feed as \t and \n: text that stays within its line.
std::string visible_line(std::string_view text);

// How many of the bytes end with a whole character; at most three are left over.
std::size_t whole_characters(std::string_view text);

}  // namespace tinyhil
