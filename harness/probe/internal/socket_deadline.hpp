// SPDX-License-Identifier: Apache-2.0
// A non-blocking socket and a deadline, whichever comes first.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string_view>

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::probe {

// False at the deadline.
asio::awaitable<bool> wait_until(asio::ip::tcp::socket& socket, asio::ip::tcp::socket::wait_type what,
                                 asio::steady_timer& deadline);

// All of them, which must outlive the call. What ended it early; timed_out: the deadline.
asio::awaitable<boost::system::error_code> write_until(asio::ip::tcp::socket& socket, std::string_view bytes,
                                                       asio::steady_timer& deadline);

}  // namespace tinyhil::probe
