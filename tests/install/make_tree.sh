#!/usr/bin/env bash
# make_tree.sh CMAKE BUILD TREE: installs to one place and moves it to another, so that nothing in
# it may know where it was built or installed.
set -euo pipefail
cmake=$1 build=$2 tree=$3

rm -rf "$tree" "$tree.first"
"$cmake" --install "$build" --prefix "$tree.first" >/dev/null
mv "$tree.first" "$tree"
