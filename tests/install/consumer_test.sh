#!/usr/bin/env bash
# consumer_test.sh CMAKE TREE SOURCE BUILD COMPILER: another project finds, links and calls the
# installed library, by CMake and, where there is one, by pkg-config.
set -euo pipefail
cmake=$1 tree=$2 source=$3 build=$4 compiler=$5

rm -rf "$build"
"$cmake" -S "$source" -B "$build" -G Ninja -DCMAKE_PREFIX_PATH="$tree" \
  -DCMAKE_CXX_COMPILER="$compiler" >/dev/null
"$cmake" --build "$build"
"$build/consumer"

if command -v pkg-config >/dev/null; then
  description=$(find "$tree" -name sipauth.pc)
  libraries=${description%/pkgconfig/sipauth.pc}
  # The tree was moved, so its folders are told anew.
  read -ra flags <<<"$(pkg-config --define-variable="libdir=$libraries" \
    --define-variable="includedir=$tree/include" --cflags --libs "$description")"
  "$compiler" "$source/main.cpp" "${flags[@]}" -o "$build/by_pkg_config"
  LD_LIBRARY_PATH=$libraries "$build/by_pkg_config"
fi
