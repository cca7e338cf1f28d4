/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include <termios.h>
#include <unistd.h>

#include "host.h"
#include "thil/port.h"

typedef struct rate {
  uint32_t baud;
  speed_t speed;
} rate;

static const rate rates[] = {
    {9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},     {115200, B115200},
    {230400, B230400},   {460800, B460800},   {500000, B500000},   {576000, B576000},   {921600, B921600},
    {1000000, B1000000}, {1152000, B1152000}, {1500000, B1500000}, {2000000, B2000000}, {2500000, B2500000},
    {3000000, B3000000}, {3500000, B3500000}, {4000000, B4000000},
};

static struct termios before;
static bool changed;

static bool set(speed_t speed) {
  struct termios now;
  if (tcgetattr(STDIN_FILENO, &now) != 0) return false;
  if (!changed) before = now;
  cfsetispeed(&now, speed);
  cfsetospeed(&now, speed);
  changed = tcsetattr(STDIN_FILENO, TCSADRAIN, &now) == 0 || changed;
  return changed;
}

/* A pipe has no rate, so it takes any. */
bool thil_port_rate(uint32_t baud) {
  if (!isatty(STDIN_FILENO)) return true;
  if (baud == 0) thil_host_restore_rate();
  if (baud == 0) return true;
  for (size_t i = 0; i < sizeof rates / sizeof rates[0]; ++i) {
    if (rates[i].baud == baud) return set(rates[i].speed);
  }
  return false;
}

void thil_host_restore_rate(void) {
  if (changed) tcsetattr(STDIN_FILENO, TCSANOW, &before);
}
