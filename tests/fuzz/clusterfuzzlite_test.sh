#!/usr/bin/env bash
# clusterfuzzlite_test.sh SOURCE FOLDER TARGETS...: .clusterfuzzlite/build.sh with the variables that
# the image of the service sets, and what it leaves for the machines that run it.
set -euo pipefail
source=$1 folder=$2/clusterfuzzlite
shift 2

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

mkdir -p "$folder"
rm -rf "$folder/out"
mkdir -p "$folder"/{out,src,work,found}
export OUT=$folder/out SRC=$folder/src WORK=$folder/work
export CC=clang-19 CXX=clang++-19 LIB_FUZZING_ENGINE=-fsanitize=fuzzer
export CFLAGS='-O1 -fno-omit-frame-pointer -gline-tables-only -fsanitize=address -fsanitize-address-use-after-scope -fsanitize=fuzzer-no-link'
export CXXFLAGS=$CFLAGS
cd "$source"
.clusterfuzzlite/build.sh "$@"

cd "$folder"
for target in "$@"; do
  program=$OUT/fuzz_$target
  [[ -x $program ]] || fail "no $program"
  # The machines that run it have neither our library nor this libcrypto.
  if ldd "$program" | grep -E 'libsipauth|libcrypto' >&2; then
    fail "$program is not linked statically"
  fi
  [[ -s $program.options ]] || fail "no $program.options"
  seeds=$(find "$source/corpus" -path "*/$target/*" -type f | wc -l)
  packed=$(unzip -Z1 "${program}_seed_corpus.zip" | grep -vc '/$')
  ((packed == seeds && packed > 0)) || fail "$packed of $seeds seeds are packed"
  dictionary=()
  [[ ! -e $program.dict ]] || dictionary=(-dict="$program.dict")
  said=$("$program" -seed=1 -runs=2000 "${dictionary[@]}" found "$source/corpus/$target" 2>&1) ||
    fail "$program: $said"
  # What a program without counters says instead.
  [[ $said == *' cov: '* ]] || fail "$program sees nothing: $said"
done
