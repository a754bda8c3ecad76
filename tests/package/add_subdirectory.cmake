# A project that takes caf_stream in with add_subdirectory configures, compiles, links and runs.
# Building the library once more would take minutes. So what is compiled there is the program and
# two sources of the library, and the program is linked by the command that CMake has made for it,
# with the library of this build in the place of the one of that project.
include("${CMAKE_CURRENT_LIST_DIR}/steps.cmake")
include("${LIKE_OURS}")
if(NOT GENERATOR STREQUAL "Ninja")
  message("skipped: only Ninja tells the command that links")
  return()
endif()
configure(add_subdirectory "-DCAF_STREAM_SOURCE=${SOURCE}")
set(project "${WORK}/add_subdirectory")


# name.cpp^ is what Ninja makes of a source.
run("${CMAKE_MAKE_PROGRAM}" -C "${project}" "${here}/word_count.cpp^"
  "${SOURCE}/libcaf_stream/caf_stream/base/log.cpp^"
  "${SOURCE}/libcaf_stream/caf_stream/data/key_hash.cpp^")

run("${CMAKE_MAKE_PROGRAM}" -C "${project}" -t commands word_count)
string(REGEX MATCH "[^\n]*\n$" command_that_links "${output}")
cmake_path(GET LIBRARY FILENAME name)
expect("caf_stream/${name}" "${command_that_links}")
cmake_path(GET LIBRARY PARENT_PATH folder)
file(GLOB libraries "${folder}/libcaf_stream.*") # a shared one has several names
foreach(library IN LISTS libraries)
  cmake_path(GET library FILENAME name)
  file(CREATE_LINK "${library}" "${project}/caf_stream/${name}" SYMBOLIC)
endforeach()
run(sh -c "cd '${project}' && ${command_that_links}")
expect_output("${word_counts}" "${project}/word_count")
