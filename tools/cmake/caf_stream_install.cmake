# Installs the library, its headers and the CMake package `caf_stream`.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/caf_stream")
target_include_directories(caf_stream PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(TARGETS caf_stream EXPORT caf_stream_targets)
foreach(root IN ITEMS libcaf_stream actors receivers)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${root}/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(EXPORT caf_stream_targets NAMESPACE caf_stream:: DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/caf_stream-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/caf_stream-config-version.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/caf_stream-config.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/caf_stream_dependencies.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/FindCAF.cmake"
  DESTINATION "${package_dir}")
