// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>

#include "tls_context.hpp"

namespace tinyhil::daemon {

struct TlsContext::State {
  boost::asio::ssl::context context;
};

}  // namespace tinyhil::daemon
