# Installs the library, its headers, the CMake package and the pkg-config file `caf_stream`.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/caf_stream")
target_include_directories(caf_stream PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(TARGETS caf_stream EXPORT caf_stream_targets)
foreach(root IN ITEMS libcaf_stream actors receivers)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${root}/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.hpp" PATTERN "*.ipp")
endforeach()

# The CMake package.
install(EXPORT caf_stream_targets NAMESPACE caf_stream:: DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/caf_stream-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/caf_stream-config-version.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/caf_stream-config.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/caf_stream_dependencies.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/FindCAF.cmake"
  DESTINATION "${package_dir}")

# The pkg-config file. Paths are relative to it, so that the installed tree can be moved.
cmake_path(IS_ABSOLUTE CMAKE_INSTALL_LIBDIR absolute)
if(absolute)
  set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
  set(pc_libdir "${CMAKE_INSTALL_LIBDIR}")
else()
  file(RELATIVE_PATH up "/p/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/p")
  cmake_path(SET pc_prefix NORMALIZE "${up}")
  string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${pc_prefix}")
  set(pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
cmake_path(IS_ABSOLUTE CMAKE_INSTALL_INCLUDEDIR absolute)
if(absolute)
  set(pc_includedir "${CMAKE_INSTALL_INCLUDEDIR}")
else()
  set(pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
# Of what our headers include, with what CMake has found; pkg-config drops what compilers know.
set(include_dirs "")
foreach(target IN ITEMS CAF::core caf_stream::msgpack caf_stream::expected Boost::headers)
  list(APPEND include_dirs $<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>)
endforeach()
set(include_dirs "$<REMOVE_DUPLICATES:${include_dirs}>")
set(definitions
  "$<REMOVE_DUPLICATES:$<TARGET_PROPERTY:caf_stream::msgpack,INTERFACE_COMPILE_DEFINITIONS>>")
configure_file("${CMAKE_CURRENT_LIST_DIR}/caf_stream.pc.in" "${PROJECT_BINARY_DIR}/caf_stream.pc.in"
  @ONLY)
file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/caf_stream.pc"
  INPUT "${PROJECT_BINARY_DIR}/caf_stream.pc.in")
install(FILES "${PROJECT_BINARY_DIR}/caf_stream.pc"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
