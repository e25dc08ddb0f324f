# shellcheck shell=bash
# What the scripts share: installing what is missing, and timed steps.

# shellcheck source=scripts/packages.sh
source "${BASH_SOURCE[0]%/*}/packages.sh"

missing_packages() {
  local package status
  for package in "$@"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $status == installed ]] || printf '%s\n' "$package"
  done
}

# Runs its arguments as root, or fails where that cannot be had.
as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

can_be_root() {
  ((EUID == 0)) || { command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; }
}

# Debian starts the service of a package that it installs, unless policy-rc.d says 101.
readonly policy=/usr/sbin/policy-rc.d
policy_is_ours=no

forbid_services() {
  [[ ! -e $policy ]] || return 0
  policy_is_ours=yes
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

allow_services() {
  [[ $policy_is_ours == yes ]] || return 0
  policy_is_ours=no
  as_root rm -f "$policy"
}

install_missing() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  local install=(apt-get install --yes --no-install-recommends "${missing[@]}")
  if ! can_be_root; then
    echo "Missing packages, and no right to install them. As root:" >&2
    echo "  apt-get update && ${install[*]}" >&2
    exit 2
  fi
  echo "Installing: ${missing[*]}"
  trap allow_services EXIT
  forbid_services
  as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive "${install[@]}"
  allow_services
  trap - EXIT
}

use_ccache() {
  if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
    # What a precompiled header needs to be found again; its defines are the same in all builds.
    export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}
  fi
}

step_names=()
step_seconds=()

# step NAME COMMAND...: ends the script when the command fails, and keeps its time.
step() {
  local name=$1 begin=$SECONDS status=0
  shift
  printf '\n== %s\n' "$name"
  # Not `"$@" || status=$?`: bash ignores set -e inside a command that is tested.
  set +e
  (
    set -e
    "$@"
  )
  status=$?
  set -e
  finish "$name" $((SECONDS - begin)) "$status"
}

# finish NAME SECONDS STATUS: keeps the time, and ends the script when the step failed.
finish() {
  step_names+=("$1")
  step_seconds+=("$2")
  if (($3)); then
    printf '\nFAILED: %s (exit %d)\n' "$1" "$3" >&2
    show_steps
    exit "$3"
  fi
}

beside_process=''

# beside NAME COMMAND...: a step that computes while others, which go before it, wait; until `join`.
beside() {
  beside_name=$1 beside_log=$(mktemp) beside_begin=$SECONDS
  shift
  set -m  # a process group of its own, to be stopped as one
  (
    set -e
    renice -n 15 "$BASHPID" >/dev/null
    "$@"
  ) >"$beside_log" 2>&1 &
  beside_process=$!
  set +m
  trap stop_beside EXIT
}

# Waits for it, and shows what it said.
join() {
  local status=0
  wait "$beside_process" || status=$?
  beside_process=''
  printf '\n== %s\n' "$beside_name"
  cat "$beside_log"
  rm -f "$beside_log"
  finish "$beside_name" $((SECONDS - beside_begin)) "$status"
}

stop_beside() {
  [[ -n $beside_process ]] || return 0
  kill -- "-$beside_process" 2>/dev/null || true
  rm -f "$beside_log"
}

show_steps() {
  local i
  printf '\n%-36s %6s\n' step seconds
  for i in "${!step_names[@]}"; do
    printf '%-36s %6d\n' "${step_names[i]}" "${step_seconds[i]}"
  done
  printf '%-36s %6d\n' total "$SECONDS"
}
