# Options of the build, and the compiler settings that every target shares.
option(BYSSUS_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(BYSSUS_WERROR "Treat warnings as errors" OFF)
option(BYSSUS_FRESH_MACHINE_TEST "Add the test that builds on a machine made for it (minutes, root)" OFF)
option(BYSSUS_COVERAGE "Count which lines run (clang)" OFF)
set(BYSSUS_SANITIZE "" CACHE STRING "Sanitizers for every target, as in address,undefined")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

add_library(byssus_warnings INTERFACE)
target_compile_options(
  byssus_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                            $<$<BOOL:${BYSSUS_WERROR}>:-Werror>)

if(BYSSUS_SANITIZE)
  add_compile_options(-fsanitize=${BYSSUS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BYSSUS_SANITIZE})
endif()

if(BYSSUS_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
