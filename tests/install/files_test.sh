#!/usr/bin/env bash
# files_test.sh TREE LIBDIR VERSION: everything is there, and the program runs from where it lies.
set -euo pipefail
tree=$1 libdir=$2 version=$3

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

for file in bin/sipauth \
  "$libdir/libsipauth.so" "$libdir/libsipauth.so.0" "$libdir/libsipauth.so.$version" \
  "$libdir/cmake/sipauth/sipauthConfig.cmake" "$libdir/cmake/sipauth/sipauthConfigVersion.cmake" \
  "$libdir/pkgconfig/sipauth.pc" \
  include/sipauth/challenge.hpp include/sipauth/digest.hpp include/sipauth/message.hpp \
  share/sipauth/corpus/challenge/aka; do
  [[ -s $tree/$file ]] || fail "$file is not installed"
done

if command -v scdoc >/dev/null; then
  [[ -s $tree/share/man/man1/sipauth.1 ]] || fail "sipauth.1 is not installed"
  [[ -s $tree/share/man/man7/sipauth-checks.7 ]] || fail "sipauth-checks.7 is not installed"
  for command in probe stale digest lint serve fuzz; do
    [[ -s $tree/share/man/man1/sipauth-$command.1 ]] || fail "sipauth-$command.1 is not installed"
  done
fi

printed=$("$tree/bin/sipauth" --version)
[[ $printed == *"$version"* ]] || fail "--version says: $printed"

loaded=$(ldd "$tree/bin/sipauth" | sed -n 's/.*libsipauth.so.0 => \([^ ]*\).*/\1/p')
[[ $(realpath "$loaded") == "$(realpath "$tree")/"* ]] || fail "libsipauth comes from: $loaded"

# TLS and WebSocket are modules, loaded from the tree when they are asked for. Nobody listens on
# port 9 of this address: with a module that loads, that is what the error says.
for module in tls:tls websocket:ws; do
  [[ -e $tree/$libdir/sipauth/libsipauth-${module%:*}.so ]] || continue
  document=$("$tree/bin/sipauth" probe "sip:alice@127.0.0.9:9;transport=${module#*:}" --no-input \
    --json </dev/null) && fail "probe of a closed port exits 0"
  [[ $document =~ \"kind\":\ *\"refused\" ]] || fail "probe over ${module#*:} says: $document"
done

# So is the DNS. Nobody answers questions at that port either.
if [[ -e $tree/$libdir/sipauth/libsipauth-dns.so ]]; then
  document=$("$tree/bin/sipauth" probe sip:alice@a.test --dns-server 127.0.0.9:9 --no-input --json \
    </dev/null) && fail "probe without a name server exits 0"
  [[ $document == *"No name server can be asked"* ]] || fail "probe by name says: $document"
fi
