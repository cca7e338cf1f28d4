# SPDX-License-Identifier: Apache-2.0
# A folder is a target: tinyhil_module(store SOURCES ... TESTS ... LINKS ...) makes the library tinyhil::store and,
# when TESTS are given, the test program store_test, which links what tests share (harness/testing); ASIO says that its
# files read Asio. tinyhil_drivers(gate worst_slice ...) lists a folder's drivers
# in drivers.inc, one TINYHIL_DRIVER(name) each, from which the folder's registry is compiled. Where they have a folder
# of their own, tinyhil_drivers(bench IN drivers serial ...) gives their files, too, for the sources: ${bench_drivers}.

function(tinyhil_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} tinyhil::warnings GTest::gmock_main)
  target_compile_definitions(${name} PRIVATE TINYHIL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300 LABELS "${ARG_LABELS}")
endfunction()

function(tinyhil_module name)
  cmake_parse_arguments(ARG "ASIO" "" "SOURCES;TESTS;LINKS;PRIVATE_LINKS" ${ARGN})
  set(headers std)
  if(ARG_ASIO)
    set(headers asio)
  endif()
  add_library(tinyhil_${name} STATIC ${ARG_SOURCES})
  add_library(tinyhil::${name} ALIAS tinyhil_${name})
  target_include_directories(tinyhil_${name} PUBLIC ${PROJECT_SOURCE_DIR}/harness PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(tinyhil_${name} PUBLIC ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS} tinyhil::warnings)
  tinyhil_reuse(tinyhil_${name} ${headers})
  if(ARG_TESTS AND BUILD_TESTING)
    tinyhil_test(${name}_test SOURCES ${ARG_TESTS} LINKS tinyhil::${name} tinyhil::testing ${ARG_PRIVATE_LINKS})
    tinyhil_reuse(${name}_test ${headers} test)
  endif()
endfunction()

# tinyhil_fuzz(fuzz_npy SOURCES ... LINKS ... DEFINITIONS ... OPTIONS ...) makes a libFuzzer target, which
# tools/fuzz_smoke.sh finds by its name.
function(tinyhil_fuzz name)
  if(NOT TINYHIL_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;DEFINITIONS;OPTIONS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_definitions(${name} PRIVATE TINYHIL_SOURCE_DIR="${PROJECT_SOURCE_DIR}" ${ARG_DEFINITIONS})
  target_compile_options(${name} PRIVATE ${ARG_OPTIONS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} tinyhil::warnings)
endfunction()

function(tinyhil_drivers folder)
  cmake_parse_arguments(ARG "" "IN" "" ${ARGN})
  set(names "${ARG_UNPARSED_ARGUMENTS}")
  list(TRANSFORM names REPLACE "(.+)" "${ARG_IN}/\\1.cpp" OUTPUT_VARIABLE files)
  set(${folder}_drivers ${files} PARENT_SCOPE)
  list(TRANSFORM names REPLACE "(.+)" "TINYHIL_DRIVER(\\1)\n" OUTPUT_VARIABLE lines)
  list(JOIN lines "" text)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/drivers.inc CONTENT "${text}")
endfunction()
