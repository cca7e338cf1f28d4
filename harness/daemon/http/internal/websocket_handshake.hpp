// SPDX-License-Identifier: Apache-2.0
// How a request becomes a WebSocket: RFC 6455, section 4. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/route.hpp"
#include "request_reader.hpp"

namespace tinyhil::daemon {

// Nothing: the request asks for a WebSocket as it has to.
std::optional<Reply> upgrade_mistake(const RequestReader& header);

// What the server answers to a client's key, by which the client sees that it was understood.
std::string accept_key(std::string_view key);

std::string random_websocket_key();
// Beside those of any request.
std::vector<Header> upgrade_headers(const std::string& key);

// "HTTP/1.1 101 ..." with its empty line.
std::string switching_text(std::string_view key);

}  // namespace tinyhil::daemon
