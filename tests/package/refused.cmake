# What this package is not is refused by find_package, with a reason.
include("${CMAKE_CURRENT_LIST_DIR}/steps.cmake")
set(there "-DCMAKE_PREFIX_PATH=${INSTALLED}")
configure_fails("compatible with requested version \"9.1\"" refused "${there}"
  "-DASKED_FOR=9.1 REQUIRED")
configure_fails("${INSTALLED}/${LIBDIR}/cmake/caf_stream/caf_stream-config.cmake, version: ${VERSION}"
  refused "${there}" "-DASKED_FOR=0.0.1 REQUIRED")
configure_fails("caf_stream has no component kafka" refused "${there}"
  "-DASKED_FOR=REQUIRED COMPONENTS kafka")

# Without REQUIRED, a library that is missing on this machine is no error.
configure(refused "${there}" -DASKED_FOR= -DLANGUAGES=CXX -DCMAKE_DISABLE_FIND_PACKAGE_CAF=ON)
expect("-- caf_stream_FOUND is 0" "${output}")
expect("caf_stream needs CAF 0.17.6" "${output}")
