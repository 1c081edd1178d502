# What each command needs, by release. Another release is another column.
packages="
for    debian-12            debian-13            ubuntu-24.04
build  g++                  g++                  g++
build  cmake                cmake                cmake
build  ninja-build          ninja-build          ninja-build
build  python3              python3              python3
build  libcaf-dev           libcaf-dev           libcaf-dev
build  libboost1.81-dev     libboost1.83-dev     libboost1.83-dev
build  nlohmann-json3-dev   nlohmann-json3-dev   nlohmann-json3-dev
build  libspdlog-dev        libspdlog-dev        libspdlog-dev
build  libcli11-dev         libcli11-dev         libcli11-dev
build  catch2               catch2               catch2
build  netcat-openbsd       netcat-openbsd       netcat-openbsd
build  iproute2             iproute2             iproute2
check  git                  git                  git
check  clang                clang                clang
check  clang-format         clang-format         clang-format
check  clang-tidy           clang-tidy           clang-tidy
check  libclang-rt-dev      libclang-rt-dev      libclang-rt-dev
check  llvm                 llvm                 llvm
check  golang-go            golang-go            golang-go
check  doxygen              doxygen              doxygen
docs   python3              python3              python3
docs   doxygen              doxygen              doxygen
fresh  git                  git                  git
fresh  debootstrap          debootstrap          debootstrap
"
