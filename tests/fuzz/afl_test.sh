#!/usr/bin/env bash
# afl_test.sh SOURCE FOLDER: a target under AFL++ for some seconds. Debian's AFL++ has a compiler of
# its own that is too old for C++23, so ours is told where to put the probes and gets AFL++'s runtime.
set -euo pipefail
source=$1 folder=$2/afl
readonly afl=/usr/lib/afl target=fuzz_challenge seconds=5

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

mkdir -p "$folder"
export CXX=clang++-19 CXXFLAGS=-fsanitize-coverage=trace-pc-guard
export LIB_FUZZING_ENGINE="$afl/libAFLDriver.a $afl/afl-compiler-rt.o"
cd "$source"
cmake --preset fuzz-programs -B "$folder/build" -DSIPAUTH_SANITIZE= >/dev/null
cmake --build "$folder/build" --target "$target"

cd "$folder"
rm -rf found
export AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1
# Where the system sends core dumps to a program, AFL++ would not begin.
export AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
afl-fuzz -V "$seconds" -s 1 -i "$source/corpus/challenge" -o found -- "build/fuzz/$target" >said 2>&1 ||
  { cat said >&2; fail "afl-fuzz exits $?"; }
figure() { sed -n "s/^$1 *: \([0-9]*\).*/\1/p" found/default/fuzzer_stats; }
echo "$(figure execs_done) runs, $(figure edges_found) edges, $(figure corpus_count) inputs"
(($(figure execs_done) > 100)) || fail "hardly anything was run"
(($(figure edges_found) > 100)) || fail "the probes of the library are not seen"
(($(figure saved_crashes) == 0)) || fail "a crash: see $folder/found/default/crashes"
