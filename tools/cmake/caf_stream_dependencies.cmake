# The libraries caf_stream needs. Where distributions disagree about the name of
# a CMake package, the target here is ours (caf_stream::msgpack and so on) and
# stands for whatever was found.
#
# The installed package includes this file too. There, what is missing is no error but a sentence in
# caf_stream_missing, and find_package(caf_stream) says it.
set(caf_stream_missing "")
if(CMAKE_CURRENT_LIST_DIR STREQUAL "${caf_stream_DIR}")
  set(caf_stream_how "")
  if(caf_stream_FIND_QUIETLY)
    set(caf_stream_how QUIET)
  endif()
else()
  set(caf_stream_how REQUIRED)
endif()

# As find_package; the version may be "".
macro(caf_stream_find_package package version)
  find_package(${package} ${version} ${caf_stream_how} ${ARGN})
  if(NOT ${package}_FOUND AND NOT caf_stream_missing)
    string(STRIP "caf_stream needs ${package} ${version}" caf_stream_missing)
  endif()
endmacro()

caf_stream_find_package(Threads "")
caf_stream_find_package(CAF 0.17.6 COMPONENTS core io OPTIONAL_COMPONENTS openssl)
caf_stream_find_package(Boost 1.74)
caf_stream_find_package(fmt "")
caf_stream_find_package(spdlog "")

# caf_stream_find(<name> HEADER <header> [LIBRARY <library>] PACKAGE <debian package>
#                 [CONFIG <package>...] [TARGET <target>...])
# Defines caf_stream::<name> from the first of the CMake packages that has one
# of the targets, or else from the header and the library themselves.
function(caf_stream_find name)
  cmake_parse_arguments(ARG "" "HEADER;LIBRARY;PACKAGE" "CONFIG;TARGET" ${ARGN})
  if(TARGET caf_stream::${name})
    return()
  endif()
  foreach(package IN LISTS ARG_CONFIG)
    find_package(${package} CONFIG QUIET)
    foreach(target IN LISTS ARG_TARGET)
      if(TARGET ${target})
        add_library(caf_stream::${name} INTERFACE IMPORTED GLOBAL)
        target_link_libraries(caf_stream::${name} INTERFACE ${target})
        return()
      endif()
    endforeach()
  endforeach()
  find_path(CAF_STREAM_${name}_INCLUDE_DIR ${ARG_HEADER})
  mark_as_advanced(CAF_STREAM_${name}_INCLUDE_DIR)
  set(found "${CAF_STREAM_${name}_INCLUDE_DIR}")
  if(found AND ARG_LIBRARY)
    find_library(CAF_STREAM_${name}_LIBRARY ${ARG_LIBRARY})
    mark_as_advanced(CAF_STREAM_${name}_LIBRARY)
    set(found "${CAF_STREAM_${name}_LIBRARY}")
  endif()
  if(found)
    add_library(caf_stream::${name} INTERFACE IMPORTED GLOBAL)
    target_include_directories(caf_stream::${name} INTERFACE "${CAF_STREAM_${name}_INCLUDE_DIR}")
    target_link_libraries(caf_stream::${name} INTERFACE ${CAF_STREAM_${name}_LIBRARY})
    return()
  endif()
  set(missing "caf_stream needs ${ARG_HEADER} (on Debian and Ubuntu: apt install ${ARG_PACKAGE})")
  if(caf_stream_how STREQUAL "REQUIRED")
    message(FATAL_ERROR "${missing}")
  endif()
  if(NOT caf_stream_missing)
    set(caf_stream_missing "${missing}" PARENT_SCOPE)
  endif()
endfunction()

caf_stream_find(msgpack
  CONFIG msgpackc-cxx msgpack-cxx msgpack
  TARGET msgpackc-cxx msgpack-cxx
  HEADER msgpack.hpp PACKAGE libmsgpack-cxx-dev)
caf_stream_find(expected
  CONFIG tl-expected TARGET tl::expected
  HEADER tl/expected.hpp PACKAGE libexpected-dev)
caf_stream_find(xxhash
  CONFIG xxHash TARGET xxHash::xxhash
  HEADER xxhash.h LIBRARY xxhash PACKAGE libxxhash-dev)
caf_stream_find(zstd
  CONFIG zstd TARGET zstd::libzstd_shared zstd::libzstd_static
  HEADER zstd.h LIBRARY zstd PACKAGE libzstd-dev)
