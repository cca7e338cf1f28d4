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
// `protocol`: the subprotocol that is spoken from here on; empty: none was agreed on.
std::string switching_text(std::string_view key, std::string_view protocol);

// Whether the request offers to speak this subprotocol.
bool offers(const RequestReader& header, std::string_view protocol);
// A browser can add no header to a WebSocket but the subprotocols that it offers: one of them may be
// `bearer.` and a token in base64url without padding. Empty: what is there is no base64url. Nothing: there is
// none, or the request is for no WebSocket.
std::optional<std::string> offered_token(const RequestReader& header);

}  // namespace tinyhil::daemon
