#!/usr/bin/env bash
# registry_test.sh TOOL TARGETS...: the names that the build read from the registry are those of the
# tool, in the same order.
set -euo pipefail
tool=$1
shift

read_by_build=$(printf '%s\n' "$@")
# Only the lines of targets begin with a name; what else --list tells has blanks in front, or none.
listed=$("$tool" fuzz --list --json | sed -n 's/.*"name": "\([a-z0-9_]*\)".*/\1/p')
if [[ -z $listed || $listed != "$read_by_build" ]]; then
  diff <(echo "$read_by_build") <(echo "$listed") >&2 || true
  echo "FAILED: fuzz/CMakeLists.txt reads other targets from fuzz/targets.cpp than the tool lists" >&2
  exit 1
fi
