# Finds CAF's core library where the distribution puts it: its packages carry no CMake files.
#
# Defines the imported target caf::core and CafCore_VERSION. Byssus is written for CAF 0.17 alone:
# another minor version has other names for nearly everything, so it is refused here, in one line,
# rather than by a thousand lines of compiler errors.
find_path(CafCore_INCLUDE_DIR caf/config.hpp)
find_library(CafCore_LIBRARY caf_core)
mark_as_advanced(CafCore_INCLUDE_DIR CafCore_LIBRARY)

set(_caf_refusal "")
if(CafCore_INCLUDE_DIR)
  file(STRINGS "${CafCore_INCLUDE_DIR}/caf/config.hpp" _caf_line
       REGEX "^#[ \t]*define[ \t]+CAF_VERSION[ \t]+[0-9]+" LIMIT_COUNT 1)
  string(REGEX MATCH "[0-9]+$" _caf_number "${_caf_line}")
  if(_caf_number)
    math(EXPR _caf_major "${_caf_number} / 10000")
    math(EXPR _caf_minor "${_caf_number} / 100 % 100")
    math(EXPR _caf_patch "${_caf_number} % 100")
    set(CafCore_VERSION "${_caf_major}.${_caf_minor}.${_caf_patch}")
  else()
    set(CafCore_VERSION "unknown")
  endif()
  if(NOT CafCore_VERSION MATCHES "^0\\.17\\.")
    set(_caf_refusal
        "CAF ${CafCore_VERSION} in ${CafCore_INCLUDE_DIR} will not do: Byssus needs CAF 0.17 (Debian and Ubuntu: apt-get install libcaf-dev)")
    set(CafCore_INCLUDE_DIR_OF_0_17 "")
  else()
    set(CafCore_INCLUDE_DIR_OF_0_17 "${CafCore_INCLUDE_DIR}")
  endif()
else()
  set(_caf_refusal "No CAF found: install 0.17 (Debian and Ubuntu: apt-get install libcaf-dev)")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  CafCore
  REQUIRED_VARS CafCore_LIBRARY CafCore_INCLUDE_DIR_OF_0_17
  VERSION_VAR CafCore_VERSION
  REASON_FAILURE_MESSAGE "${_caf_refusal}")

if(CafCore_FOUND AND NOT TARGET caf::core)
  find_package(Threads REQUIRED)
  add_library(caf::core UNKNOWN IMPORTED)
  set_target_properties(
    caf::core
    PROPERTIES IMPORTED_LOCATION "${CafCore_LIBRARY}"
               INTERFACE_INCLUDE_DIRECTORIES "${CafCore_INCLUDE_DIR}"
               INTERFACE_LINK_LIBRARIES Threads::Threads)
endif()
