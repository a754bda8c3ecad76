# What the scripts here have in common. They are given SOURCE and BUILD, the folders of this
# project, WORK, a folder of their own, INSTALLED, where the package is, and LIBDIR, where in it the
# libraries are.
cmake_minimum_required(VERSION 3.25)

set(here "${CMAKE_CURRENT_LIST_DIR}")
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")

# Runs a command; where it fails, so does the test, with all that it has printed.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code
    OUTPUT_VARIABLE output ERROR_VARIABLE output WORKING_DIRECTORY "${WORK}")
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " words)
    message(FATAL_ERROR "${words}\nended with ${code}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# Configures one of the projects here in WORK/<project>.
function(configure project)
  run("${CMAKE_COMMAND}" -S "${here}/${project}" -B "${WORK}/${project}" -G "${GENERATOR}"
    -C "${LIKE_OURS}" ${ARGN})
  set(output "${output}" PARENT_SCOPE)
endfunction()

# Configures one of the projects here, which must fail and say `sentence`, no matter how it is
# broken into lines.
function(configure_fails sentence project)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -S "${here}/${project}" -B "${WORK}/${project}" -G "${GENERATOR}"
      -C "${LIKE_OURS}" ${ARGN}
    RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(code EQUAL 0)
    message(FATAL_ERROR "${project} with ${ARGN} should have been refused:\n${output}")
  endif()
  expect("${sentence}" "${output}")
endfunction()

function(expect sentence text)
  string(REGEX REPLACE "[ \n]+" " " flat "${text}")
  string(FIND "${flat}" "${sentence}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "expected\n  ${sentence}\nin\n${text}")
  endif()
endfunction()

# Runs the program, which must print exactly `expected`.
function(expect_output expected program)
  run("${program}" ${ARGN})
  if(NOT output STREQUAL "${expected}")
    message(FATAL_ERROR "${program} should have printed\n${expected}but printed\n${output}")
  endif()
endfunction()

set(word_counts "ask 1\nbe 2\nis 1\nnot 1\nor 1\nquestion 1\nthat 1\nthe 1\nto 3\n")
