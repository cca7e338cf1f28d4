#pragma once
#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>
bool thil_rice_decode(const uint8_t* packed, size_t packed_size, uint8_t* raw, size_t raw_size);
