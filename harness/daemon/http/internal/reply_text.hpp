// SPDX-License-Identifier: Apache-2.0
// A reply as bytes. Pure.
#pragma once

#include <chrono>
#include <string>

#include "daemon/http/route.hpp"

namespace tinyhil::daemon {

enum class Afterwards { keep, close };  // the connection

// The header with its empty line; for a reply with events it announces chunks. Throws std::logic_error when a
// handler's header has a name or a value that does not fit into its line.
std::string header_text(const Reply& reply, Afterwards afterwards, std::chrono::system_clock::time_point now);

// An event as it stands in a stream. Line feeds of `text` are kept; in an id or a name they become spaces.
std::string event_text(const Event& event);

std::string chunk_text(const std::string& content);  // content: not empty
constexpr const char* kLastChunk = "0\r\n\r\n";
constexpr const char* kHeartbeat = ":\n\n";  // a comment, for a listener and for whatever stands between

}  // namespace tinyhil::daemon
