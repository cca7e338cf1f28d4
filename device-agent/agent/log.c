/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command.h"
#include "thil/agent.h"
#include "thil/cursor.h"

/* Payloads of `log` as they will be sent, from `next` up to `end`. There is room again when all have left.
   Kept over a start, so that a boot can be told of. */
static uint8_t thil_buffer_log[256];
static uint16_t next;
static uint16_t end;
static uint16_t lost;

void thil_agent_log(uint8_t level, const char* text) {
  thil_log log = {0, level, lost, {NULL, 0}};
  thil_text_set(&log.text, text);
  thil_writer to = {thil_buffer_log + end, sizeof thil_buffer_log - end, false};
  thil_log_write(&to, &log);
  lost = to.failed ? (uint16_t)(lost + 1u) : 0;
  if (!to.failed) end = (uint16_t)(to.at - thil_buffer_log);
}

bool thil_log_send(thil_agent* agent) {
  if (next == end) return false;
  enum { TEXT_SIZE_AT = 3 };
  const thil_bytes log = {thil_buffer_log + next, TEXT_SIZE_AT + 1u + thil_buffer_log[next + TEXT_SIZE_AT]};
  next = (uint16_t)(next + log.size);
  if (next == end) next = end = 0;
  thil_bytes_put(thil_agent_reply(agent), &log);
  thil_send_unasked(agent, THIL_ID_log);
  return true;
}
