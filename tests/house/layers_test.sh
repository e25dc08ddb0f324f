#!/usr/bin/env bash
# layers_test.sh SOURCE: the layers of docs/architecture.md, read from the includes.
set -euo pipefail
cd "$1"
failures=0

# refuse WHAT FILES... on standard input: lines of grep that must not be there
refuse() {
  local line
  while IFS= read -r line; do
    echo "FAILED: $1: $line" >&2
    failures=$((failures + 1))
  done
}

# may_include ROOM ROOMS: a room of the tool sees itself, the library and what is named.
may_include() {
  refuse "cli/$1 may not see this" < <(
    grep -nE '#include "[a-z_]+/' "cli/$1"/*.?pp | grep -vE "#include \"($1|sipauth${2:+|$2})/" || true)
}

may_include net ''
may_include capture ''
may_include sip 'net'
may_include checks 'net|sip'
may_include registrar 'net|sip'
may_include fuzzing 'net|sip|registrar|fuzz'
may_include results 'net|sip|checks'
may_include commands 'net|capture|sip|checks|registrar|fuzzing|results|fuzz'
# Of the checks, results know the verdicts and nothing else.
refuse 'results know no check' < <(
  grep -nE '#include "checks/' cli/results/*.?pp | grep -v '"checks/verdict.hpp"' || true)

refuse 'fuzz targets may not see this' < <(
  grep -nE '#include "[a-z_]+/' fuzz/*.?pp | grep -vE '#include "(fuzz|sipauth|results|capture)/' || true)

refuse 'the library does no I/O and has no clock and no threads' < <(
  grep -nE '#include <(iostream|fstream|cstdio|filesystem|thread|mutex|future|ctime|sys/|netinet/|unistd|asio|fmt|nlohmann)' \
    lib/src/*.?pp lib/include/sipauth/*.hpp || true)
# The calendar of <chrono> is none.
refuse 'the library reads no clock' < <(
  grep -nE '(system|steady|high_resolution|utc|file)_clock|clock_gettime|gettimeofday' lib/src/*.?pp lib/include/sipauth/*.hpp || true)
refuse 'the library knows no room of the tool' < <(
  grep -nE '#include "(net|sip|checks|registrar|results|commands)/' -r lib || true)
refuse 'only two files know where libcrypto comes from' < <(
  grep -nE '#include <(openssl/|dlfcn)' lib/src/*.?pp | grep -v '^lib/src/libcrypto_' || true)
refuse 'JSON in a header' < <(grep -nE '#include <nlohmann' -r lib cli fuzz --include='*.hpp' || true)
refuse 'longer than 400 lines' < <(
  find lib cli fuzz tests -name '*.[ch]pp' -exec wc -l {} + | awk '$1 > 400 && $2 != "total"')

((failures == 0))
