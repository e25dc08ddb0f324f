#!/usr/bin/env bash
# companion_test.sh CMAKE FUZZ_BUILD RELEASE_BUILD TREE: the released tool is installed, and the
# fuzzing engine beside it as a component of its own. Exits 4 where nothing was built for release.
set -euo pipefail
cmake=$1 fuzz_build=$2 release_build=$3 tree=$4

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

if [[ ! -x $release_build/bin/sipauth ]]; then
  echo "Left out: build the preset release first."
  exit 4
fi
rm -rf "$tree"
"$cmake" --install "$release_build" --prefix "$tree" >/dev/null
mkdir "$tree/scratch"
cd "$tree/scratch" # for what the tool keeps

# fuzz STATUS ARGUMENTS...: the installed tool
fuzz() {
  local expected=$1 status=0
  "$tree/bin/sipauth" fuzz "${@:2}" >said 2>&1 || status=$?
  ((status == expected)) || fail "fuzz ${*:2} exits $status, not $expected: $(cat said)"
}

fuzz 3 cseq --runs 100
grep -q -- '--replay' said || fail "without an engine it does not say what can be done: $(cat said)"

"$cmake" --install "$fuzz_build" --prefix "$tree" --component fuzz >/dev/null
[[ $(cd "$tree/bin" && echo *) == 'sipauth sipauth-fuzz' ]] || fail "in bin: $(ls "$tree/bin")"

fuzz 0 cseq --runs 2000 --seed 1 --corpus found --json
grep -q '"edges": [1-9]' said || fail "the engine sees nothing: $(cat said)"
seeds=("$tree"/share/sipauth/corpus/cseq/*)
kept=$(sed -n 's/.*"corpus": \([0-9]*\).*/\1/p' said)
((kept > 1)) || fail "of ${#seeds[@]} installed seeds the engine kept ${kept:-none}"

# What the engine says of a target that it does not have comes through.
status=0
"$tree/bin/sipauth-fuzz" --sipauth-fuzz-target=nosuch >said 2>&1 || status=$?
((status == 2)) || fail "an unknown target exits $status"
