#!/usr/bin/env bash
# example_test.sh PROGRAM SEEDS: the example's parser reads behind its input, and that is found.
set -euo pipefail
program=$1 seeds=$2

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/corpus"
cp "$seeds/kamailio-default" "$folder/corpus"
status=0
"$program" -seed=1 -runs=20000 -artifact_prefix="$folder/" "$folder/corpus" 2>"$folder/said" ||
  status=$?
if ((status == 0)) || ! grep -q 'heap-buffer-overflow' "$folder/said"; then
  cat "$folder/said" >&2
  echo "FAILED: exit $status, and no heap-buffer-overflow was reported" >&2
  exit 1
fi
