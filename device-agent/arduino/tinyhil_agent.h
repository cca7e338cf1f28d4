/* SPDX-License-Identifier: Apache-2.0 */
/* What a sketch includes: the Arduino builder looks for a library by a header at its top. */
#ifndef TINYHIL_AGENT_H
#define TINYHIL_AGENT_H

#include "thil/agent.h"
#include "thil/engine.h"
#include "thil/fault.h"
#include "thil/port.h"

#endif
