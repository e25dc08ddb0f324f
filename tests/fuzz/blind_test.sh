#!/usr/bin/env bash
# blind_test.sh TOOL FOLDER: an engine that sees nothing of the library does not begin.
set -euo pipefail
tool=$1 folder=$2/blind

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

rm -rf "$folder"
mkdir -p "$folder/found"
cd "$folder"
status=0
said=$("$tool" --sipauth-fuzz-target=challenge -runs=1000 found 2>&1) || status=$?
((status == 3)) || fail "exit $status: $said"
[[ $said == *'sees nothing of the library'* ]] || fail "says: $said"
[[ -z $(ls found) ]] || fail "inputs were kept"
