# Finds the C++ Actor Framework and defines CAF::core, CAF::io and, where it is
# there, CAF::openssl.
#
# CAF 1.x brings a CMake package of its own, which is used if found. CAF 0.17,
# as Debian and Ubuntu ship it, has only headers and libraries; its version is
# read from caf/config.hpp (1706 is 0.17.6).
include(FindPackageHandleStandardArgs)

find_package(CAF CONFIG QUIET)
if(CAF_FOUND AND TARGET CAF::core)
  foreach(component IN LISTS CAF_FIND_COMPONENTS)
    if(TARGET CAF::${component})
      set(CAF_${component}_FOUND TRUE)
    endif()
  endforeach()
  find_package_handle_standard_args(CAF CONFIG_MODE HANDLE_COMPONENTS)
  return()
endif()

find_path(CAF_INCLUDE_DIR caf/all.hpp HINTS "${CAF_ROOT}" ENV CAF_ROOT PATH_SUFFIXES include)
mark_as_advanced(CAF_INCLUDE_DIR)

unset(CAF_VERSION)
if(CAF_INCLUDE_DIR)
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" caf_version_line
    REGEX "^#define CAF_VERSION [0-9]+")
  if(caf_version_line MATCHES "CAF_VERSION ([0-9]+)")
    math(EXPR caf_major "${CMAKE_MATCH_1} / 10000")
    math(EXPR caf_minor "${CMAKE_MATCH_1} / 100 % 100")
    math(EXPR caf_patch "${CMAKE_MATCH_1} % 100")
    set(CAF_VERSION "${caf_major}.${caf_minor}.${caf_patch}")
  endif()
endif()

set(caf_needed_vars CAF_INCLUDE_DIR)
foreach(component IN ITEMS core io openssl)
  find_library(CAF_${component}_LIBRARY caf_${component}
    HINTS "${CAF_ROOT}" ENV CAF_ROOT PATH_SUFFIXES lib)
  mark_as_advanced(CAF_${component}_LIBRARY)
  if(CAF_INCLUDE_DIR AND CAF_${component}_LIBRARY)
    set(CAF_${component}_FOUND TRUE)
  endif()
endforeach()

find_package_handle_standard_args(CAF
  REQUIRED_VARS CAF_INCLUDE_DIR CAF_core_LIBRARY
  VERSION_VAR CAF_VERSION
  HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE
    "caf_stream needs CAF 0.17.6 or newer with caf_core and caf_io (on Debian and Ubuntu: apt install libcaf-dev, elsewhere set CAF_ROOT)")

if(CAF_FOUND)
  set(caf_depends_core Threads::Threads)
  set(caf_depends_io CAF::core)
  set(caf_depends_openssl CAF::io)
  foreach(component IN ITEMS core io openssl)
    if(CAF_${component}_FOUND AND NOT TARGET CAF::${component})
      add_library(CAF::${component} UNKNOWN IMPORTED)
      set_target_properties(CAF::${component} PROPERTIES
        IMPORTED_LOCATION "${CAF_${component}_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
        INTERFACE_LINK_LIBRARIES "${caf_depends_${component}}")
    endif()
  endforeach()
endif()
