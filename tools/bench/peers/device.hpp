// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"
#include "stream.hpp"

namespace peers {

// Each answers its protocol's host until the line ends, which it reports as EndOfInput.
[[noreturn]] void serve_mlperf(Stream& line, const Model& model);
[[noreturn]] void serve_stopwait(Stream& line, const Model& model);

}  // namespace peers
