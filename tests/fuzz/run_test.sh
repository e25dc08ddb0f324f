#!/usr/bin/env bash
# run_test.sh TOOL TARGET plain|structure CORPUS FOLDER: as many inputs from the same seed each time,
# of a target's own corpus; nothing is found.
set -euo pipefail
tool=$1 target=$2 how=$3 corpus=$4 folder=$5/$2.$3
# Each input of explain is a search through thousands of digests.
case $target in
  explain) runs=1000 ;;
  flow | trace) runs=5000 ;;
  *) runs=20000 ;;
esac

rm -rf "$folder"
mkdir -p "$folder"
cd "$folder" # for what the tool keeps
"$tool" fuzz "$target" --runs "$runs" --seed 1 --corpus "$folder/found" -- \
  "--sipauth-mutate=$how" -max_len=4096 "$corpus/$target"
