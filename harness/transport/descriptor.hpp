// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport.hpp"

namespace tinyhil::transport {

// A stream socket of this host that is connected already, such as one end of a pair; owned from now on.
std::unique_ptr<Transport> open_descriptor(asio::any_io_executor executor, int socket,
                                           std::string description);

}  // namespace tinyhil::transport
