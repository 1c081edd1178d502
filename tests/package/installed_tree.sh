#!/usr/bin/env bash
# usage: installed_tree.sh SOURCE BUILD COMPILER [FLAGS]
#
# Installs BUILD into a folder inside it, and builds against that as a stranger would: a tiny project
# that includes every installed header, and the samples. Nothing is written outside BUILD.
set -euo pipefail

source="$1" build="$2" compiler="$3" flags="${4:-}"
here="$source/tests/package"
work="$build/tests/package/installed"
prefix="$work/prefix"
rm -rf "$work"
mkdir -p "$work"

wrong() {
  echo "installed_tree: $*" >&2
  exit 1
}

# configure_and_build PROJECT FOLDER: against the installed tree alone.
configure_and_build() {
  cmake -S "$1" -B "$2" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags" \
    ${launcher:+-DCMAKE_CXX_COMPILER_LAUNCHER="$launcher"} \
    -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF || wrong "$1 does not configure"
  cmake --build "$2" || wrong "$1 does not build"
}

launcher="$(command -v ccache || true)"
cmake --install "$build" --prefix "$prefix"

! grep -rnF -e "$source/" -e "$build/" "$prefix/lib"*/cmake || wrong "the installed CMake files name this machine's folders"
! find "$prefix/include" -path '*/detail/*' | grep . || wrong "detail/ is not for strangers"
! grep -rnE '#include <(boost|nlohmann|spdlog|CLI|openssl)/' "$prefix/include" ||
  wrong "a public header includes what find_package(byssus) does not find for strangers"

cp -r "$here/outside" "$work/outside"
(cd "$prefix/include" && find byssus -name '*.hpp' | sort | sed 's/.*/#include <&>/') >"$work/outside/every_header.hpp"
configure_and_build "$work/outside" "$work/outside-build"
"$work/outside-build/outside" || wrong "the outside program failed"
"$work/outside-build/protocol_alone" || wrong "the program on byssus::protocol alone failed"

cp -r "$source/samples" "$work/samples"
configure_and_build "$work/samples" "$work/samples-build"
for program in chat_node chat push_node push ping_pong; do
  found="$(find "$work/samples-build" -name "$program" -type f -perm -u+x)"
  [ -n "$found" ] || wrong "the samples made no $program"
  "$found" --help | grep -q . || wrong "$program --help says nothing"
done
echo "installed_tree: $(wc -l <"$work/outside/every_header.hpp") headers and the samples build against the installed tree"
