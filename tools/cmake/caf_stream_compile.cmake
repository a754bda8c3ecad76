# How everything in this tree is compiled.
#
# The library is built for the plain processor of the platform. Files whose
# name ends in an instruction set (`split_avx2.cpp`) are compiled for that set
# and called only after the processor was asked. Such a file must not define
# inline functions that other files share: the linker keeps one copy, and it
# may be the one other processors cannot run (.ci/check_kernels looks).
include_guard(GLOBAL)

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(CAF_STREAM_CCACHE ccache)
  mark_as_advanced(CAF_STREAM_CCACHE)
  if(CAF_STREAM_CCACHE)
    # Without this ccache does not look into files that use precompiled headers.
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros;${CAF_STREAM_CCACHE}")
  endif()
endif()

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
  set(CAF_STREAM_ISA_sse42 -msse4.2 -maes -mpclmul)
  set(CAF_STREAM_ISA_avx2 -mavx2 -mbmi -mbmi2 -mlzcnt -mpopcnt)
  set(CAF_STREAM_ISA_avx512
    -mavx512f -mavx512bw -mavx512vl -mavx512dq ${CAF_STREAM_ISA_avx2})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 warns about its own intrinsics (bug 105593).
    list(APPEND CAF_STREAM_ISA_avx512 -Wno-uninitialized -Wno-maybe-uninitialized)
  endif()
endif()

# caf_stream_compile_options(<target>): language and warnings.
function(caf_stream_compile_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic
    $<$<BOOL:${CAF_STREAM_WERROR}>:-Werror>)
  # What GCC 12 warns of after optimizing is often not there, and depends on what it inlined: to be
  # looked at, but no reason to refuse a build.
  target_compile_options(${target} PRIVATE
    "$<$<AND:$<BOOL:${CAF_STREAM_WERROR}>,$<CXX_COMPILER_ID:GNU>>:-Wno-error=array-bounds;-Wno-error=stringop-overflow;-Wno-error=stringop-overread;-Wno-error=restrict;-Wno-error=maybe-uninitialized;-Wno-error=free-nonheap-object;-Wno-error=dangling-pointer>")
  if(CAF_STREAM_PCH)
    # So that ccache can tell whether a precompiled header has changed.
    target_compile_options(${target} PRIVATE
      $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
      "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
  endif()
endfunction()

# caf_stream_add_root(<folder>): <folder> is an include root of the library.
function(caf_stream_add_root folder)
  target_include_directories(caf_stream PUBLIC $<BUILD_INTERFACE:${folder}>)
endfunction()

# caf_stream_add_sources(<file>...): adds sources to the library. Files for an
# instruction set the platform does not have are left out.
function(caf_stream_add_sources)
  foreach(source IN LISTS ARGN)
    if(source MATCHES "_(sse42|avx2|avx512)\\.cpp$")
      if(NOT DEFINED CAF_STREAM_ISA_${CMAKE_MATCH_1})
        continue()
      endif()
      set_source_files_properties("${source}" TARGET_DIRECTORY caf_stream PROPERTIES
        COMPILE_OPTIONS "${CAF_STREAM_ISA_${CMAKE_MATCH_1}}"
        SKIP_PRECOMPILE_HEADERS ON)
    endif()
    target_sources(caf_stream PRIVATE "${source}")
  endforeach()
endfunction()

# caf_stream_precompile(): parses the headers that cost most once for the library
# and all programs that call caf_stream_use_precompiled(<target>). They are then
# all compiled alike: as code for programs, not for shared libraries.
#
# It hides missing includes; the checks of headers and the release build, which
# has no precompiled headers, find those.
function(caf_stream_precompile)
  if(CAF_STREAM_PCH AND NOT BUILD_SHARED_LIBS)
    target_precompile_headers(caf_stream PRIVATE <caf/all.hpp>
      "${CMAKE_CURRENT_SOURCE_DIR}/libcaf_stream/caf_stream/codec/msgpack_adaptors.hpp")
  else()
    set_target_properties(caf_stream PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
endfunction()

function(caf_stream_use_precompiled target)
  if(CAF_STREAM_PCH AND NOT BUILD_SHARED_LIBS)
    target_precompile_headers(${target} REUSE_FROM caf_stream)
    # GCC insists on the definitions that come with what only the library uses.
    target_compile_definitions(${target} PRIVATE
      $<TARGET_PROPERTY:spdlog::spdlog,INTERFACE_COMPILE_DEFINITIONS>
      $<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>)
  endif()
endfunction()
