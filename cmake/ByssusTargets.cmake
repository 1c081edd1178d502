# How the project's libraries, programs and tests are declared.

# byssus_add_library(<layer>
#   [SOURCES <file>…]         compiled; also the place for headers that are not installed (detail/)
#   [PUBLIC_HEADERS <file>…]  installed; paths relative to the layer's folder
#   [BASE <folder>]           the folder that include paths start in; default: the calling folder
#   [LINK <target>…]          what its public headers need, as in byssus::protocol or caf::core
#   [LINK_PRIVATE <target>…]  what only its sources need; of it users of the installed library need to
#                             have what must be linked, and need not have what is headers alone)
#
# Makes the library byssus_<layer>, known to everybody as byssus::<layer> in the tree and installed.
# A layer without SOURCES is header-only.
function(byssus_add_library layer)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "BASE" "SOURCES;PUBLIC_HEADERS;LINK;LINK_PRIVATE")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "byssus_add_library(${layer}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_BASE)
    set(arg_BASE "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()

  set(target byssus_${layer})
  if(arg_SOURCES)
    add_library(${target} ${arg_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PUBLIC ${arg_LINK} PRIVATE $<BUILD_INTERFACE:byssus_warnings>)
    foreach(library IN LISTS arg_LINK_PRIVATE)
      get_target_property(kind ${library} TYPE)
      if(kind STREQUAL INTERFACE_LIBRARY)
        set(library $<BUILD_INTERFACE:${library}>)
      endif()
      target_link_libraries(${target} PRIVATE ${library})
    endforeach()
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
    target_link_libraries(${target} INTERFACE ${arg_LINK})
  endif()
  add_library(byssus::${layer} ALIAS ${target})

  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS "${arg_BASE}" FILES
                                             ${arg_PUBLIC_HEADERS})
  target_compile_features(${target} ${scope} cxx_std_20)
endfunction()

# byssus_add_test(<name>      as in protocol.frame: the area, then what is tested
#   SOURCES <file>…           each file tests one idea
#   [SERIAL]                  runs alone: it measures time
#   LIBS <target>…            as in byssus::protocol
#   [LABELS <label>…]         smoke: in a second, before anything else; slow: left out under sanitizers
#   [TIMEOUT <seconds>]       default 60; sanitized builds get three times as long
#   [ARGS <word>…])           for the test program
#
# Makes one Catch2 program and one ctest of that name. The current source folder is passed in the
# macro BYSSUS_TEST_FOLDER for tests that read data files. -DBYSSUS_TESTS=OFF builds none.
function(byssus_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL" "TIMEOUT" "SOURCES;LIBS;LABELS;ARGS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "byssus_add_test(${name}): needs SOURCES; unknown: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target test.${name})
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LIBS} byssus_test_support byssus_warnings)
  target_compile_definitions(${target} PRIVATE BYSSUS_TEST_FOLDER="${CMAKE_CURRENT_SOURCE_DIR}")
  # Catch's macros are slow to optimise, and nobody steps through them: a test of actors compiles in
  # 8 s instead of 13 (gcc 12), sanitized in 7 instead of 17 (clang 14).
  target_compile_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1$<SEMICOLON>-g1>)
  if(BYSSUS_SANITIZE OR BYSSUS_COVERAGE)
    target_compile_options(${target} PRIVATE -O0)
  endif()
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/bin")
  add_test(NAME ${name} COMMAND ${target} ${arg_ARGS})
  set_tests_properties(${name} PROPERTIES RUN_SERIAL "${arg_SERIAL}")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  byssus_limit_test(${name} ${arg_TIMEOUT} ${arg_LABELS})
endfunction()

# byssus_limit_test(<name> <seconds> [<label>…]): the same limits for a test that was made with
# add_test. Exit code 77 means skipped, and ctest says so.
function(byssus_limit_test name seconds)
  if(BYSSUS_SANITIZE)
    math(EXPR seconds "${seconds} * 3")
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${seconds} LABELS "${ARGN}" SKIP_RETURN_CODE 77)
endfunction()
