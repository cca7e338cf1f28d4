# SPDX-License-Identifier: Apache-2.0
# Cortex-M on the MPS2 boards, without a C library. TINYHIL_BOARD names a file pair in boards/.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TINYHIL_BOARD)

set(TINYHIL_FIRMWARE ON CACHE BOOL "build the device agent for TINYHIL_BOARD instead of the host side")
set(TINYHIL_PORT mps2)
if(NOT EXISTS ${CMAKE_CURRENT_LIST_DIR}/boards/${TINYHIL_BOARD}.cmake)
  message(FATAL_ERROR "TINYHIL_BOARD is '${TINYHIL_BOARD}': take mps2-an385, mps2-an386 or mps2-an500")
endif()
include(${CMAKE_CURRENT_LIST_DIR}/boards/${TINYHIL_BOARD}.cmake) # TINYHIL_CPU_FLAGS

set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)
set(CMAKE_OBJCOPY arm-none-eabi-objcopy)
set(CMAKE_AR arm-none-eabi-gcc-ar) # understands objects of link-time optimisation
set(CMAKE_RANLIB arm-none-eabi-gcc-ranlib)

string(JOIN " " CMAKE_C_FLAGS_INIT -mthumb ${TINYHIL_CPU_FLAGS} -g -ffreestanding -fno-common
  -ffunction-sections -fdata-sections -isystem ${CMAKE_CURRENT_LIST_DIR}/freestanding)
# Of C++ there is only an engine that a user brings (engines/tflm), and that comes with a C library.
string(JOIN " " CMAKE_CXX_FLAGS_INIT -mthumb ${TINYHIL_CPU_FLAGS} -g -fno-common -ffunction-sections -fdata-sections
  -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit)
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -Wl,--gc-sections -Wl,--fatal-warnings")
