// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tinyhil::daemon {

// Of a message that is read, in this order.
enum class ReadStage {
  header,  // more bytes are needed
  body,    // the header is read
  whole,
  failed,  // the connection cannot be used any further
};

}  // namespace tinyhil::daemon
