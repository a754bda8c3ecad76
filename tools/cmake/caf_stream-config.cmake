# The CMake package of an installed caf_stream: defines caf_stream::caf_stream.
set(caf_stream_module_path "${CMAKE_MODULE_PATH}")
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
include("${CMAKE_CURRENT_LIST_DIR}/caf_stream_dependencies.cmake")
set(CMAKE_MODULE_PATH "${caf_stream_module_path}")
include("${CMAKE_CURRENT_LIST_DIR}/caf_stream_targets.cmake")
