// SPDX-License-Identifier: Apache-2.0
// What OpenOCD's Tcl port takes and answers, as text. Pure; no answer makes it allocate without bound.
//
//   const std::string command = checked("read_memory 0x20000000 32 2");
//   tcl_reply("0 {0x1 0x2}")  // status 0, text "0x1 0x2"
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil::probe {

// The elements of a Tcl list: words, in braces or quotes where they hold spaces, with backslashes. Nothing
// when it is none, or has more than `most` elements.
std::optional<std::vector<std::string>> tcl_list(std::string_view text, std::size_t most);

// The text as one word of a command or list, whatever it holds.
std::string tcl_word(std::string_view text);

// The command, so wrapped that its answer says whether it succeeded. The port's own answers carry no status.
std::string checked(std::string_view command);

struct TclReply {
  int status = 0;    // 0: done; otherwise Tcl's code, 1 being an error
  std::string text;  // the result, or the complaint
};
// The answer to a checked command; nothing when it is none.
std::optional<TclReply> tcl_reply(std::string_view text);

// Numbers as read_memory lists them, "0x20000000 17", each below 2^32. Nothing when one is none or there are
// more than `most`.
std::optional<std::vector<std::uint32_t>> tcl_numbers(std::string_view text, std::size_t most);

}  // namespace tinyhil::probe
