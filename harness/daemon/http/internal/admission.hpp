// SPDX-License-Identifier: Apache-2.0
// May a request be done? Judged by its header, before a byte of its body is read. Pure.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "bearer_token.hpp"
#include "daemon/http/bearer.hpp"
#include "daemon/http/route.hpp"
#include "request_reader.hpp"
#include "router.hpp"

namespace tinyhil::daemon {

// Who is at the other end of a connection, by what the connection itself tells.
struct Peer {
  Caller caller;
  // Over TCP a request can come from a page in somebody's browser, by a name that the page's owner resolved
  // to this host: the Host has to be ours, and a bearer token tells who calls. Over TLS the certificate tells
  // the browser whether we are the host of that name.
  bool over_tcp = false;
  bool is_tls = false;
  const BearerToken* token = nullptr;   // outlives the peer; none: no token is accepted
  const BearerRule* bearers = nullptr;  // the same; for a token that is not that one
};

struct Admitted {
  const Route* route = nullptr;
  Request request;  // all but its body
  bool is_head = false;
  std::unique_ptr<BodySink> sink{};  // of a route that has one; none yet when it was just admitted
};

struct NotAdmitted {
  Reply reply;
  Caller caller;  // as far as it is known
};

// What follows is refused with a problem: 400 target, Host, parameters; 401 and 403 caller, Origin; 404; 405;
// 413, 415 and 417 what is said of the body; 421 Host; 426 no WebSocket where one is needed.
std::variant<NotAdmitted, Admitted> admit(const Router& router, const RequestReader& header,
                                          const Peer& peer);

}  // namespace tinyhil::daemon
