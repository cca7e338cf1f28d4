# SPDX-License-Identifier: Apache-2.0
# A library of TFLM's interpreter and the kernels of operators.cpp, from a tree of its sources; with CMSIS-NN's kernels
# where the tree has them (third_party/cmsis_nn). Files of a foreign tree change with its version, so they are looked for.
function(thil_tflm_tree name tree)
  set(lite ${tree}/tensorflow/lite)
  set(micro ${lite}/micro)
  if(NOT EXISTS ${micro}/micro_interpreter.h)
    message(FATAL_ERROR "TINYHIL_TFLM_PATH is no TFLM tree: there is no ${micro}/micro_interpreter.h; make one with "
      "tensorflow/lite/micro/tools/project_generation/create_tflm_tree.py")
  endif()
  file(GLOB sources
    ${micro}/*.cc ${micro}/memory_planner/*.cc ${micro}/arena_allocator/*.cc ${micro}/tflite_bridge/*.cc
    ${lite}/core/api/*.cc ${lite}/core/c/*.cc ${lite}/kernels/*.cc ${lite}/kernels/internal/*.cc
    ${lite}/kernels/internal/reference/*.cc ${tree}/tensorflow/compiler/mlir/lite/core/api/*.cc
    ${tree}/tensorflow/compiler/mlir/lite/schema/*.cc
    ${micro}/kernels/kernel_util.cc)
  foreach(kernel activations add conv depthwise_conv dequantize fully_connected logistic pad pooling quantize reduce reshape
      softmax)
    file(GLOB kernels ${micro}/kernels/${kernel}.cc ${micro}/kernels/${kernel}_common.cc)
    if(EXISTS ${tree}/third_party/cmsis_nn AND EXISTS ${micro}/kernels/cmsis_nn/${kernel}.cc)
      list(REMOVE_ITEM kernels ${micro}/kernels/${kernel}.cc)
      list(APPEND kernels ${micro}/kernels/cmsis_nn/${kernel}.cc)
    endif()
    list(APPEND sources ${kernels})
  endforeach()
  list(FILTER sources EXCLUDE REGEX "test|fake_|mock_|recording_|debug_log\\.cc|hexdump")

  set(others ${tree}/third_party)
  add_library(${name} STATIC ${sources})
  target_compile_features(${name} PUBLIC cxx_std_17)
  target_include_directories(${name} SYSTEM PUBLIC ${tree} ${others}/flatbuffers/include ${others}/gemmlowp ${others}/ruy
    ${others}/kissfft)
  target_compile_definitions(${name} PUBLIC TF_LITE_STATIC_MEMORY)
  # NDEBUG: TFLM's kernels check every index of every tensor otherwise, at three times the duration.
  target_compile_options(${name} PRIVATE -w -O2 -DNDEBUG)
  target_compile_options(${name} PUBLIC
    $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti> $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>
    $<$<COMPILE_LANGUAGE:CXX>:-fno-threadsafe-statics>)
  if(EXISTS ${others}/cmsis_nn)
    file(GLOB_RECURSE cmsis_nn ${others}/cmsis_nn/Source/*.c)
    list(FILTER cmsis_nn EXCLUDE REGEX "_f(16|32)[_.]") # off unless asked for; the kernels here are of integers
    target_sources(${name} PRIVATE ${cmsis_nn})
    target_include_directories(${name} SYSTEM PUBLIC ${others}/cmsis_nn ${others}/cmsis_nn/Include
      ${others}/cmsis/CMSIS/Core/Include)
    target_compile_definitions(${name} PUBLIC CMSIS_NN)
  endif()
endfunction()
