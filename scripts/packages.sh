# shellcheck shell=bash
# shellcheck disable=SC2034  # read by the scripts that source this
# The Debian packages that each job needs; every list stands here once.

build_packages=(
  g++ cmake ninja-build
  libcli11-dev libasio-dev libssl-dev libwslay-dev libc-ares-dev nlohmann-json3-dev libfmt-dev
  scdoc
)
test_packages=(
  libgtest-dev libgmock-dev libbenchmark-dev
  clang-19 libclang-rt-19-dev llvm-19
  clang-format-19 clang-tidy-19
  openssl ccache dnsmasq-base
  afl++ zip unzip
)
# Registrars to test against. Their services are never started: tests run them by themselves.
peer_packages=(
  kamailio kamailio-tls-modules kamailio-websocket-modules
  libnet-sip-perl libsofia-sip-ua-dev
)
