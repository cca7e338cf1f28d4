/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void usage(const char* complaint, const char* about) {
  fprintf(stderr,
          "thil-agent-host: %s%s\n"
          "usage: thil-agent-host [--serial NAME] [--model-slots N] [--model-slot-size BYTES]\n"
          "       [--arena-size BYTES] [--vector-slots N] [--vector-slot-size BYTES]\n"
          "       [--invoke-us N] [--output-bias N] (thil-agent-fake only: what an inference takes,\n"
          "       and what a bad board adds to every output)\n"
          "The agent as a process: frames on stdin and stdout. Sizes are multiples of 16.\n",
          complaint, about);
  exit(2);
}

static uint32_t number(const char* name, const char* value, uint32_t most, uint32_t multiple) {
  char* end = NULL;
  errno = 0;
  unsigned long parsed = strtoul(value, &end, 0);
  if (errno != 0 || end == value || *end != '\0' || value[0] == '-') usage("not a number: ", name);
  if (parsed > most || parsed % multiple != 0) usage("out of range: ", name);
  return (uint32_t)parsed;
}

static void set(thil_options* options, bool engine_is_fake, const char* name, const char* value) {
  enum { SLOTS = 65535, SIZE = 1 << 30, INVOKE_US = 60000000 };
  if (strcmp(name, "--serial") == 0) {
    options->serial = value;
  } else if (strcmp(name, "--model-slots") == 0) {
    options->model_slots = (uint16_t)number(name, value, SLOTS, 1);
  } else if (strcmp(name, "--model-slot-size") == 0) {
    options->model_slot_size = number(name, value, SIZE, 16);
  } else if (strcmp(name, "--arena-size") == 0) {
    options->arena_size = number(name, value, SIZE, 16);
  } else if (strcmp(name, "--vector-slots") == 0) {
    options->vector_slots = (uint16_t)number(name, value, SLOTS, 1);
  } else if (strcmp(name, "--vector-slot-size") == 0) {
    options->vector_slot_size = number(name, value, SIZE, 16);
  } else if (engine_is_fake && strcmp(name, "--invoke-us") == 0) {
    options->invoke_us = number(name, value, INVOKE_US, 1);
  } else if (engine_is_fake && strcmp(name, "--output-bias") == 0) {
    options->output_bias = number(name, value, UINT8_MAX, 1);
  } else {
    usage("no such option: ", name);
  }
}

thil_options thil_options_read(int count, char** arguments, bool engine_is_fake) {
  thil_options options = {"", 4, 512 * 1024, 256 * 1024, 192, 64 * 1024, 0, 0};
  for (int i = 1; i < count; i += 2) {
    if (i + 1 == count) usage("a value is missing after ", arguments[i]);
    set(&options, engine_is_fake, arguments[i], arguments[i + 1]);
  }
  return options;
}
