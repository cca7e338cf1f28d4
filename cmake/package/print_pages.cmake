# SPDX-License-Identifier: Apache-2.0
# cmake -DPROGRAM=tinyhil -DFOLDER=where -P print_pages.cmake: a man page for each command, and completion scripts.
file(MAKE_DIRECTORY ${FOLDER})
foreach(shell bash zsh fish)
  execute_process(COMMAND ${PROGRAM} completion ${shell} OUTPUT_FILE ${FOLDER}/tinyhil.${shell} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
execute_process(COMMAND ${PROGRAM} man --all ${FOLDER} COMMAND_ERROR_IS_FATAL ANY)
