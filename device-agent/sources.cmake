# SPDX-License-Identifier: Apache-2.0
# For the build systems of ESP-IDF and Zephyr, which compile files into libraries of theirs: tinyhil_sources is every file of
# wire/, agent/ and the engine that Kconfig chose, and tinyhil_definitions what they are compiled with.
set(tinyhil_folders wire agent)
if(CONFIG_TINYHIL_ENGINE_FIXED)
  list(APPEND tinyhil_folders engines/fixed engines/reference)
elseif(CONFIG_TINYHIL_ENGINE_CALLBACK)
  list(APPEND tinyhil_folders engines/callback)
elseif(CONFIG_TINYHIL_ENGINE_NONE)
  list(APPEND tinyhil_folders engines/none)
elseif(NOT CONFIG_TINYHIL_ENGINE_OWN)
  list(APPEND tinyhil_folders engines/reference)
endif()

set(tinyhil_sources)
foreach(folder ${tinyhil_folders})
  file(GLOB files ${CMAKE_CURRENT_LIST_DIR}/${folder}/*.c)
  list(APPEND tinyhil_sources ${files})
endforeach()
set(tinyhil_definitions)
if(CONFIG_TINYHIL_WITHOUT_WINDOWS)
  set(tinyhil_definitions THIL_WITHOUT_WINDOWS)
endif()
list(FILTER tinyhil_sources EXCLUDE REGEX "engines/callback/example\\.c$")
if(CONFIG_TINYHIL_ENGINE_FIXED)
  list(FILTER tinyhil_sources EXCLUDE REGEX "engines/reference/pushed\\.c$") # fixed/ has its place
endif()
