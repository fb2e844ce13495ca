#!/usr/bin/env bash
# Installs what tests/chain.rs and others bring up: BIRD, PostgreSQL and Redis from apt, IRRd from PyPI, Krill and Routinator
# from crates.io. usage: .ci/components.sh [FILE], which then has the names of what is there: bird,krill,…
#
# What is built is kept in ${RIPECTL_COMPONENTS:-~/.cache/ripectl-components} and not built again; all that compiles
# has ${RIPECTL_COMPONENTS_BUDGET:-900} seconds, and goes on there in the next run. What is not to be had is said, and
# no failure: it is for the tests to say what they skipped.
set -euo pipefail
components=${RIPECTL_COMPONENTS:-$HOME/.cache/ripectl-components}
budget=${RIPECTL_COMPONENTS_BUDGET:-900}
export DEBIAN_FRONTEND=noninteractive
mkdir -p "$components"

has() { command -v "$1" >/dev/null; }
left() { echo $((SECONDS < budget ? budget - SECONDS : 1)); }
postgresql() { # debian keeps it out of the PATH
  local initdb
  for initdb in /usr/lib/postgresql/*/bin/initdb; do [ -x "$initdb" ] && return; done
  has initdb
}

# A name for RIPECTL_REQUIRE, and how to see that it is there.
is_there() {
  case $1 in
    krill | routinator) [ -x "$components/bin/$1" ] ;;
    irrd) [ -x "$components/irrd/bin/irrd" ] ;;
    bird) has birdc ;;
    redis) has redis-server ;;
    postgresql) postgresql ;;
    *) has "$1" ;;
  esac
}

need() { # COMPONENT PACKAGE…: has apt install these where the component is not here
  local component=$1
  shift
  is_there "$component" && return
  wanted+=("$@")
}

# Debian starts what it installs, on the ports of the services: the tests have their own, on free ports.
stop() {
  local service
  for service in bird redis-server postgresql; do
    [ -e "/etc/init.d/$service" ] && [[ " ${wanted[*]} " == *" $service"* ]] || continue
    { invoke-rc.d "$service" stop && update-rc.d "$service" disable; } >/dev/null 2>&1 || true
  done
}

wanted=()
need bird bird2
need postgresql postgresql
need redis redis-server
need faketime faketime
need openssl openssl
need setpriv util-linux
need xmllint libxml2-utils
is_there irrd || wanted+=(python3-venv python3-dev gcc libc6-dev)
is_there krill || wanted+=(gcc libc6-dev libssl-dev pkg-config)
if [ "${#wanted[@]}" -gt 0 ] && has apt-get; then
  echo "from apt: ${wanted[*]}"
  { timeout 120 apt-get update -qq && timeout 300 apt-get install -y -qq --no-install-recommends "${wanted[@]}"; } \
    >"$components/apt.log" 2>&1 || { echo "apt did not install them:"; tail -3 "$components/apt.log"; }
  stop
fi

SECONDS=0
if ! is_there irrd; then
  echo "building IRRd 4.5.4"
  rm -rf "$components/irrd"
  { timeout "$(left)" /usr/bin/python3 -m venv "$components/irrd" \
    && timeout "$(left)" "$components/irrd/bin/pip" install --disable-pip-version-check irrd==4.5.4; } \
    >"$components/irrd.log" 2>&1 || { rm -rf "$components/irrd"; tail -3 "$components/irrd.log"; }
fi

# Both share what they depend on. Routinator's lock file names a version of a crate that is not to be had.
build() { # NAME VERSION OPTION…
  is_there "$1" && return
  echo "building $1 $2"
  CARGO_TARGET_DIR="$components/target" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    timeout "$(left)" cargo install --quiet --root "$components" "$1@$2" "${@:3}" >"$components/$1.log" 2>&1 \
    || tail -3 "$components/$1.log"
}
build krill 0.16.1 --locked
build routinator 0.15.3
is_there krill && is_there routinator && rm -rf "$components/target"

there=() missing=()
for component in bird faketime irrd krill openssl postgresql redis routinator setpriv xmllint; do
  if is_there "$component"; then there+=("$component"); else missing+=("$component"); fi
done
echo "there: ${there[*]:-nothing}"
[ "${#missing[@]}" -eq 0 ] || echo "missing: ${missing[*]}"
[ $# -eq 0 ] || (IFS=,; printf '%s\n' "${there[*]}" >"$1")
