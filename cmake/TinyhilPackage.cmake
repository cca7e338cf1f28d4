# SPDX-License-Identifier: Apache-2.0
# The Debian package of the host side: `cmake --build build/release --target package`. Completion scripts and man pages
# are printed by the program that is packed.
include(GNUInstallDirs)

set(generated ${PROJECT_BINARY_DIR}/package)
add_custom_command(OUTPUT ${generated}/tinyhil.1
  COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:tinyhil> -DFOLDER=${generated}
          -P ${PROJECT_SOURCE_DIR}/cmake/package/print_pages.cmake
  DEPENDS tinyhil ${PROJECT_SOURCE_DIR}/cmake/package/print_pages.cmake
  VERBATIM)
add_custom_target(tinyhil_pages ALL DEPENDS ${generated}/tinyhil.1)

set(package ${PROJECT_SOURCE_DIR}/cmake/package)
install(FILES ${package}/tinyhil.service DESTINATION lib/systemd/system)
install(FILES ${package}/70-tinyhil.rules DESTINATION lib/udev/rules.d)
install(FILES ${package}/bench.d.README DESTINATION /etc/tinyhil/bench.d RENAME README)
install(DIRECTORY ${generated}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN *.1)
install(FILES ${generated}/tinyhil.bash DESTINATION share/bash-completion/completions RENAME tinyhil)
install(FILES ${generated}/tinyhil.zsh DESTINATION share/zsh/vendor-completions RENAME _tinyhil)
install(FILES ${generated}/tinyhil.fish DESTINATION share/fish/vendor_completions.d)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "tinyhil maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "hardware-in-the-loop tests and release gates for machine learning on microcontrollers")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL OFF)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};tinyhil;Unspecified;/")  # not the Python module: pip has it
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, procps")  # procps: /bin/kill of the unit
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "openocd")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "qemu-system-arm")
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${package}/postinst ${package}/prerm ${package}/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
