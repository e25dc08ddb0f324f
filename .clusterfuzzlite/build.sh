#!/usr/bin/env bash
# Builds what ClusterFuzzLite and OSS-Fuzz run: they set the compiler, its flags, the engine and the
# folders, start this in the sources, and take from $OUT a program per target with its seeds, words
# and options. Arguments, which only a test gives, are the targets to build; without any, all are.
set -euo pipefail
: "${OUT:?}" "${WORK:?}" "${SRC:?}" "${LIB_FUZZING_ENGINE:?}"
readonly build=$WORK/sipauth

# Not instrumented: what is looked for is in the parsers, and not in OpenSSL.
build_openssl() {
  [[ -d $SRC/openssl ]] || return 0  # then the system has the one that is needed
  (
    unset CFLAGS CXXFLAGS
    cd "$SRC/openssl"
    ./config no-shared no-tests no-module --prefix="$WORK/openssl" --libdir=lib
    make -j"$(nproc)" build_libs
    make install_dev
  )
  openssl=(-DOPENSSL_ROOT_DIR="$WORK/openssl")
}

# pack TARGET: its seeds and its regressions, which have names of their own.
pack() {
  local folder folders=()
  for folder in "corpus/$1" "corpus/regressions/$1"; do
    [[ ! -d $folder ]] || folders+=("$folder")
  done
  rm -f "$OUT/fuzz_$1_seed_corpus.zip"
  zip -q -r "$OUT/fuzz_$1_seed_corpus.zip" "${folders[@]}"
}

openssl=()
build_openssl
# All flags come from outside; warnings of a newer compiler are no reason not to fuzz.
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DBUILD_TESTING=OFF \
  -DSIPAUTH_FUZZ_PROGRAMS=ON -DSIPAUTH_SHARED=OFF -DSIPAUTH_LINK_LIBCRYPTO=ON \
  -DSIPAUTH_HARDENING=OFF -DSIPAUTH_WERROR=OFF "${openssl[@]}"
targets=("${@/#/fuzz_}")
cmake --build "$build" --target "${targets[@]:-all}"

for program in "$build"/fuzz/fuzz_*; do
  [[ -f $program && -x $program ]] || continue
  name=${program##*/}
  cp "$program" "$OUT/"
  "$program" --sipauth-dictionary >"$OUT/$name.dict"
  [[ -s $OUT/$name.dict ]] || rm "$OUT/$name.dict"
  printf '[libfuzzer]\nmax_len = 8192\ntimeout = 5\nrss_limit_mb = 2048\n' >"$OUT/$name.options"
  pack "${name#fuzz_}"
done
