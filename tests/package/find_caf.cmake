# FindCAF.cmake uses the CMake package that CAF 1.x brings. There is none where CAF is 0.17, so this
# makes one, of a version nobody has.
include("${CMAKE_CURRENT_LIST_DIR}/steps.cmake")

# make_package(<version> <component>...): with the libraries of this machine.
function(make_package version)
  set(folder "${WORK}/prefix/lib/cmake/CAF")
  file(REMOVE_RECURSE "${folder}")
  set(text "")
  foreach(component IN LISTS ARGN)
    string(APPEND text "add_library(CAF::${component} SHARED IMPORTED)\n"
      "set_target_properties(CAF::${component} PROPERTIES\n"
      "  IMPORTED_LOCATION \"${CAF_${component}}\")\n")
  endforeach()
  file(WRITE "${folder}/CAFConfig.cmake" "${text}")
  # As CAF's own: any version is compatible with the ones before.
  file(WRITE "${folder}/CAFConfigVersion.cmake"
    "set(PACKAGE_VERSION ${version})\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n")
endfunction()

set(here_it_is "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DCAF_STREAM_SOURCE=${SOURCE}")
set(as_we_ask "-DASKED_FOR=0.17.6 REQUIRED COMPONENTS core io OPTIONAL_COMPONENTS openssl")

make_package(1.23.4 core io)
configure(find_caf ${here_it_is} "${as_we_ask}")
expect("CAF_FOUND=TRUE CAF_VERSION=1.23.4 CAF_DIR=${WORK}/prefix/lib/cmake/CAF" "${output}")
expect("CAF_core_FOUND=TRUE -- CAF::core is ${CAF_core}" "${output}")
expect("CAF_io_FOUND=TRUE -- CAF::io is ${CAF_io}" "${output}")
expect("CAF_openssl_FOUND= " "${output} ")

make_package(1.23.4 core io openssl)
configure(find_caf ${here_it_is} "${as_we_ask}")
expect("CAF_openssl_FOUND=TRUE -- CAF::openssl is ${CAF_io}" "${output}")

# What is asked for and missing, or too old, is refused with a reason.
make_package(1.23.4 core)
configure_fails("Could NOT find CAF: missing: io (found" find_caf ${here_it_is} "${as_we_ask}")
make_package(0.17.5 core io)
configure_fails("Found unsuitable version \"0.17.5\", but required is at least \"0.17.6\""
  find_caf ${here_it_is} "${as_we_ask}")
