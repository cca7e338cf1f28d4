# SPDX-License-Identifier: Apache-2.0
# tinyhil_pytest(NAME FILE...) makes a ctest entry of a pytest run. Files are relative to the calling folder; the tests
# find the build by TINYHIL_BINARY_DIR (programs in its bin/) and the repository by TINYHIL_SOURCE_DIR.

# What `./dev test --quick` leaves out: whatever takes more than 15 s.
set(tinyhil_slow app_boards app_campaign app_chaos app_crash app_emulated_m3 app_emulated_m4 app_emulated_m7
  app_emulated_tcp app_hostile app_kernel_tty app_ladder app_line app_page app_page_campaign app_probe_line app_rtos
  app_run_by_daemon app_sequential app_sim_probe app_tls_daemon python_daemon python_examples python_export_mlflow python_oracle python_pytest_lease
  python_pytest_plugin python_wheel stats_reference)

# What runs none of our code under the sanitizers that other tests do not run there, too: checks of sources and
# documents, components that are built anew, references and benchmarks.
set(tinyhil_unsanitized agent_component agent_modules bench_peers compare_bench daemon_bench farm_bench layers link_bench links
  mutants_bench schema stats_reference)

function(tinyhil_pytest name)
  if(NOT BUILD_TESTING OR (TINYHIL_SANITIZE AND name IN_LIST tinyhil_unsanitized))
    return()
  endif()
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  add_test(NAME ${name} COMMAND ${PROJECT_SOURCE_DIR}/tools/pytest.sh ${ARGN})
  set_tests_properties(${name} PROPERTIES
    TIMEOUT 600 # a guard against hangs; with sanitizers on a loaded machine the longest takes 300 s
    ENVIRONMENT "TINYHIL_BINARY_DIR=${PROJECT_BINARY_DIR};TINYHIL_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
  if(name IN_LIST tinyhil_slow)
    set_property(TEST ${name} PROPERTY LABELS slow)
  endif()
endfunction()
