#!/usr/bin/env bash
# usage: refused_caf.sh SOURCE WORK COMPILER
#
# A CAF of another minor version is refused at configuration, in words that say what to do.
set -euo pipefail

source="$1" work="$2" compiler="$3"
rm -rf "$work"
mkdir -p "$work/include/caf"
echo '#define CAF_VERSION 1805' >"$work/include/caf/config.hpp"
cat >"$work/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(refused LANGUAGES CXX)
find_package(CafCore REQUIRED)
END

if cmake -S "$work" -B "$work/build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_MODULE_PATH="$source/cmake" \
  -DCafCore_INCLUDE_DIR="$work/include" >"$work/said" 2>&1; then
  echo "refused_caf: CAF 0.18.5 was accepted" >&2
  exit 1
fi
tr -s ' \n' ' ' <"$work/said" | grep -q 'CAF 0.18.5 in .* will not do: Byssus needs CAF 0.17' || {
  cat "$work/said" >&2
  echo "refused_caf: the refusal does not say what is wrong" >&2
  exit 1
}
