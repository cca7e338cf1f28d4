# SPDX-License-Identifier: Apache-2.0
# cmake -DNPM=npm -DFROM=FOLDER -P: the packages of FOLDER's lock file, in node_modules here. Their scripts are not run.
file(COPY ${FROM}/package.json ${FROM}/package-lock.json DESTINATION .)
execute_process(
  COMMAND ${NPM} ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error
  RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said TIMEOUT 300)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "npm could not fetch what the web page is made of (${FROM}/package-lock.json): ${said}\n"
    "mend what npm names, mostly the network, or build without the page: -DTINYHIL_PAGE=OFF")
endif()
file(TOUCH node_modules/.package-lock.json)
