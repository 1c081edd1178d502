# The packages that users of each layer need. Read by the build itself and, installed beside
# byssusConfig.cmake, by everybody who says find_package(byssus): one list, so they cannot differ.
#
# In: byssus_layers, the layers wanted (protocol, actors, testing, runtime), what they rest on included.
include(CMakeFindDependencyMacro)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")

if("actors" IN_LIST byssus_layers)
  find_dependency(CafCore)
endif()
if("runtime" IN_LIST byssus_layers)
  find_dependency(Threads)
  find_dependency(spdlog 1.10)
endif()
