// SPDX-License-Identifier: Apache-2.0
// Whose failure it was, in one word for people and CI: who has to act, and whether another try may help.
#pragma once

#include <optional>

#include "base/error.hpp"
#include "trial.hpp"

namespace tinyhil {

enum class FailureClass {
  product,        // the model or the firmware under test: it would fail again
  image,          // the firmware on the board is not the one that was asked for
  board,          // this board, and not others like it
  bench,          // port, cable, probe, host, store: another try may help
  configuration,  // a file or a command line
};

const char* to_string(FailureClass of);

// Nothing of an Error that is no failure: somebody stopped it, or its time was over, or something has not
// been done yet.
std::optional<FailureClass> failure_class(ErrorKind kind);

// Of a fault that ended a trial on a board of this provenance; nothing of what is no fault.
std::optional<FailureClass> failure_class(const Fault& fault, Provenance provenance);
// Of one that the trial outlived: it is the device's, or came from outside.
std::optional<FailureClass> failure_class(const SurvivedFault& survived);

// Only what the bench did wrong is tried again: all else would be hidden by it, or come again.
inline bool may_be_retried(ErrorKind kind) { return failure_class(kind) == FailureClass::bench; }

}  // namespace tinyhil
