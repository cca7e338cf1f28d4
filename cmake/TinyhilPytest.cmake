# SPDX-License-Identifier: Apache-2.0
# tinyhil_pytest(NAME FILE...) makes a ctest entry of a pytest run. Files are relative to the calling folder; the tests
# find the build by TINYHIL_BINARY_DIR (programs in its bin/) and the repository by TINYHIL_SOURCE_DIR.

function(tinyhil_pytest name)
  if(NOT BUILD_TESTING)
    return()
  endif()
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  add_test(NAME ${name} COMMAND ${PROJECT_SOURCE_DIR}/tools/pytest.sh ${ARGN})
  set_tests_properties(${name} PROPERTIES
    TIMEOUT 300
    ENVIRONMENT "TINYHIL_BINARY_DIR=${PROJECT_BINARY_DIR};TINYHIL_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
endfunction()
