#!/usr/bin/env bash
# finds_bug_test.sh TOOL plain|structure FOLDER: the engine, set up as for every target, finds a bug
# that was planted. Were it blind, or without sanitizer, or without mutations, it would not within
# this many runs.
set -euo pipefail
tool=$1 how=$2 folder=$3/finds_bug.$2

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

case $how in
  plain) target=two_words runs=5000000 ;;
  structure) target=comma_by_comma runs=20000 ;;
esac
rm -rf "$folder"
mkdir -p "$folder/seeds"
cd "$folder" # for what the tool keeps
printf '1 INFO' >seeds/cseq
printf 'Digest realm="a", nonce="b", qop="auth", opaque="c", stale=true' >seeds/challenge

status=0
"$tool" fuzz "$target" --runs "$runs" --seed 1 --corpus "$folder/found" -- \
  "--sipauth-mutate=$how" "$folder/seeds" >report 2>errors || status=$?
cat report errors
((status == 1)) || fail "exit $status where the bug of $target would be 1"
grep -q '^crash: AddressSanitizer: heap-buffer-overflow' report || fail "no report of AddressSanitizer"
grep -q -- "fuzz $target --replay" report || fail "no line that replays the finding"
