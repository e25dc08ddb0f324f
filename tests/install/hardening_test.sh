#!/usr/bin/env bash
# hardening_test.sh READELF PROGRAM LIBRARY MODULES: what the linker and the compiler were told,
# read from the files that are installed.
set -euo pipefail
shopt -s nullglob
readelf=$1 program=$2 library=$3 modules=$4
failures=0

fail() {
  echo "FAILED: $*" >&2
  failures=$((failures + 1))
}

# has FILE READELF_OPTION REGEX MEANING
has() {
  # Not grep -q: it would leave before readelf has written all, and pipefail would see that.
  "$readelf" -W "$2" "$1" | grep -E "$3" >/dev/null || fail "$1: $4"
}

common() {
  has "$1" -h 'Type: +DYN' 'not position-independent'
  has "$1" -l 'GNU_RELRO' 'no RELRO'
  has "$1" -d '(FLAGS.*BIND_NOW|FLAGS_1.*NOW)' 'symbols are bound lazily, so RELRO is not full'
  has "$1" -l 'GNU_STACK.* RW ' 'the stack is executable'
  has "$1" -s '__stack_chk_fail' 'no stack protector'
  if "$readelf" -W -l "$1" | grep -E 'LOAD.* RWE ' >/dev/null; then
    fail "$1: a segment is writable and executable"
  fi
  if "$readelf" -W -d "$1" | grep -E 'RPATH|RUNPATH' | grep -v '\[[$]ORIGIN' >/dev/null; then
    fail "$1: looks for libraries outside its own tree"
  fi
}

common "$program"
has "$program" -d 'FLAGS_1.*PIE' 'not a position-independent executable'
has "$program" -s '__[a-z]+_chk' 'not built with _FORTIFY_SOURCE'
common "$library"
for module in "$modules"/*.so; do
  common "$module"
done
((failures == 0))
