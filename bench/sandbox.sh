#!/usr/bin/env bash
# How quick and how small the embedded registry is: load time, memory, lookups and searches a second.
# usage: bench/sandbox.sh [RIPECTL]        needs python3, curl and wrk; nothing here is a test
set -euo pipefail
here=$(dirname "$0")
ripectl=${1:-$here/../target/release/ripectl}
files=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$files"' EXIT

# Paths by turns, so that no answer is asked for twice in a row.
cat > "$files/turns.lua" <<'LUA'
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local turn = 0
request = function() turn = turn % #paths + 1; return wrk.format("GET", paths[turn]) end
LUA

ticks() { awk '{print $14 + $15}' "/proc/$server/stat"; } # hundredths of a second of CPU

# NAME: requests a second for the paths on stdin, over 8 connections; the CPU time of each, which does not depend on
# what else the machine does; and the answers that are no 200.
measure() {
  local before
  cat > "$files/paths"
  before=$(ticks)
  PATHS="$files/paths" wrk -t1 -c8 -d5s -s "$files/turns.lua" -H 'Accept: application/json' "$url" > "$files/wrk"
  printf '  %-34s %8.0f /s %6.0f us of CPU each  %s\n' "$1" "$(awk '/Requests\/sec/ {print $2}' "$files/wrk")" \
    "$(awk -v used="$(($(ticks) - before))" '/requests in/ {print used * 10000 / $1}' "$files/wrk")" \
    "$(grep -o 'Non-2xx.*' "$files/wrk" || true)"
}

for count in ${COUNTS:-10000 100000}; do
  python3 "$here/objects.py" "$count" > "$files/objects.rpsl"
  begun=$(date +%s%N)
  : > "$files/out"
  "$ripectl" sandbox serve --listen 127.0.0.1:0 --ephemeral --load "$files/objects.rpsl" > "$files/out" &
  server=$!
  until grep -q http "$files/out"; do sleep 0.005; done
  printf '%d objects: loaded in %d ms, %s kB of memory\n' "$count" "$((($(date +%s%N) - begun) / 1000000))" \
    "$(awk '/VmRSS/ {print $2}' /proc/$server/status)"
  url=$(grep -o 'http[^ ]*' "$files/out")
  last=$((count / 35 - 1)) # customers with all of their objects
  echo /metadata/sources | measure "floor: a fixed answer"
  seq 0 "$last" | sed 's|.*|/ripe/mntner/C&-MNT|' | measure "lookup of a maintainer"
  seq 0 "$last" | awk '{printf "/ripe/route6/2a0f:8000:%x::%%2F48AS%d?unformatted\n", $1 * 16, 200000 + $1}' |
    measure "lookup of a route6"
  seq 0 "$last" | sed 's|.*|/search?query-string=C&-MNT\&inverse-attribute=mnt-by\&type-filter=role\&flags=no-referenced|' |
    measure "search by maintainer, 1 object"
  seq 0 "$last" | sed 's|.*|/search?query-string=C&-MNT\&inverse-attribute=mnt-by\&flags=no-referenced|' |
    measure "search by maintainer, 35 objects"
  awk '/VmHWM/ {printf "  at most %s kB of memory\n", $2}' /proc/$server/status
  kill "$server"; wait "$server" 2>/dev/null || true; server=
done
