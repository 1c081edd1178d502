# byssus::byssus, and what find_package(byssus) reads once installed.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(byssus_byssus INTERFACE)
add_library(byssus::byssus ALIAS byssus_byssus)
target_link_libraries(byssus_byssus INTERFACE byssus_protocol byssus_actors byssus_runtime)

foreach(layer IN LISTS byssus_layers)
  set_target_properties(byssus_${layer} PROPERTIES EXPORT_NAME ${layer})
  install(TARGETS byssus_${layer} EXPORT byssus FILE_SET HEADERS)
endforeach()
set_target_properties(byssus_byssus PROPERTIES EXPORT_NAME byssus)
install(TARGETS byssus_byssus EXPORT byssus)

set(byssus_cmake_folder "${CMAKE_INSTALL_LIBDIR}/cmake/byssus")
install(EXPORT byssus NAMESPACE byssus:: FILE byssusTargets.cmake
        DESTINATION "${byssus_cmake_folder}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/byssusConfig.cmake.in" byssusConfig.cmake
                              INSTALL_DESTINATION "${byssus_cmake_folder}")
# Below 1.0 any minor version may change the interface.
write_basic_package_version_file(byssusConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/byssusConfig.cmake"
        "${PROJECT_BINARY_DIR}/byssusConfigVersion.cmake"
        "${CMAKE_CURRENT_LIST_DIR}/ByssusDependencies.cmake"
        "${CMAKE_CURRENT_LIST_DIR}/FindCafCore.cmake"
  DESTINATION "${byssus_cmake_folder}")
