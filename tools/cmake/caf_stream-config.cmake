# The CMake package of an installed caf_stream: defines caf_stream::caf_stream.
foreach(component IN LISTS caf_stream_FIND_COMPONENTS)
  set(caf_stream_${component}_FOUND FALSE)
  if(caf_stream_FIND_REQUIRED_${component})
    set(caf_stream_FOUND FALSE)
    set(caf_stream_NOT_FOUND_MESSAGE "caf_stream has no component ${component}")
    return()
  endif()
endforeach()

# Our FindCAF.cmake before others of that name, which define other targets.
set(caf_stream_module_path "${CMAKE_MODULE_PATH}")
list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
include("${CMAKE_CURRENT_LIST_DIR}/caf_stream_dependencies.cmake")
set(CMAKE_MODULE_PATH "${caf_stream_module_path}")
unset(caf_stream_module_path)
if(caf_stream_missing)
  set(caf_stream_FOUND FALSE)
  set(caf_stream_NOT_FOUND_MESSAGE "${caf_stream_missing}")
  return()
endif()

include("${CMAKE_CURRENT_LIST_DIR}/caf_stream_targets.cmake")
