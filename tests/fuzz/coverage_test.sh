#!/usr/bin/env bash
# coverage_test.sh TOOL LINES BRANCHES: what the committed corpora reach of the library, in percent,
# is at least so much; and no input of them fails.
set -euo pipefail
tool=$1
declare -A least=([lines]=$2 [branches]=$3)

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

json=$("$tool" fuzz --coverage --json) || fail "exit $? (see: $tool fuzz --coverage)"
# The total stands in front of the files.
total=${json%%\"files\":*}
for figure in lines branches; do
  rest=${total#*"\"$figure\":"}
  [[ $rest != "$total" ]] || fail "no figure of $figure in the report"
  rest=${rest#*\"percent\": }
  percent=${rest%%[!0-9.]*}
  echo "$figure ${percent:0:5} %, and ${least[$figure]} % at least"
  [[ ${percent%%.*} -ge ${least[$figure]} ]] ||
    fail "the corpora reach $percent % of the $figure: seeds are missing (sipauth fuzz --coverage)"
done
