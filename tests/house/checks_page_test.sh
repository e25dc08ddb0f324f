#!/usr/bin/env bash
# checks_page_test.sh TOOL SOURCE: docs/checks.md is what the catalogue says.
set -euo pipefail
tool=$1 source=$2

if ! diff -u "$source/docs/checks.md" <("$tool" check --list -o markdown); then
  echo "FAILED: docs/checks.md is out of date: cmake --build BUILD --target sipauth_docs" >&2
  exit 1
fi
