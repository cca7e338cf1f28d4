# SPDX-License-Identifier: Apache-2.0
# Headers that nearly every file of the harness reads, parsed once a build instead of once a file; more than half of a
# build was that. tinyhil_reuse(TARGET std|asio [test]) gives them to a target of C++ files. A file still includes what
# it uses: release builds and clang-tidy go without (CMAKE_DISABLE_PRECOMPILE_HEADERS).
set(std_headers <algorithm> <array> <chrono> <cmath> <cstdint> <cstring> <deque> <filesystem> <fstream> <functional>
  <map> <memory> <numeric> <optional> <set> <span> <sstream> <string> <string_view> <variant> <vector>)
set(asio_headers <boost/asio/any_io_executor.hpp> <boost/asio/awaitable.hpp> <boost/asio/bind_cancellation_slot.hpp>
  <boost/asio/cancellation_signal.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
  <boost/asio/posix/stream_descriptor.hpp> <boost/asio/steady_timer.hpp> <boost/asio/this_coro.hpp>
  <boost/asio/use_awaitable.hpp> <boost/asio/write.hpp>)
set(test_headers <gmock/gmock.h> <gtest/gtest.h>)

function(tinyhil_precompile name)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled/${name}.cpp CONTENT "")
  add_library(precompiled_${name} OBJECT ${PROJECT_BINARY_DIR}/precompiled/${name}.cpp)
  target_link_libraries(precompiled_${name} PRIVATE tinyhil::warnings)
  if(name MATCHES test)
    target_link_libraries(precompiled_${name} PRIVATE GTest::gmock) # its definitions have to be the same
  endif()
  target_precompile_headers(precompiled_${name} PRIVATE ${ARGN})
endfunction()

function(tinyhil_reuse target)
  list(JOIN ARGN _ name)
  target_precompile_headers(${target} REUSE_FROM precompiled_${name})
  # False positives of GCC 12 in std::string, which it is silent about in system headers, but not in precompiled ones.
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>)
endfunction()

tinyhil_precompile(std ${std_headers})
tinyhil_precompile(asio ${std_headers} ${asio_headers})
if(BUILD_TESTING)
  tinyhil_precompile(std_test ${std_headers} ${test_headers})
  tinyhil_precompile(asio_test ${std_headers} ${asio_headers} ${test_headers})
endif()
