#!/usr/bin/env bash
# Replays the recordings of the real registry against the sandbox; the numbers that agree may only rise.
# usage: tests/replay.sh REPLAY.PY SERVE-COMMAND
set -euo pipefail
replay=$1 serve=$2
folder=$(dirname "$replay")
# Floors: how many agree at all three levels. Raise them with what raises the numbers.
transcripts=794
cases=656

agree() { # NAME FLOOR ARGS…: runs the replay and compares its last line
  local name=$1 floor=$2 out count
  shift 2
  out=$("$replay" --show 5 --serve "$serve" "$@" || true)
  printf '%s\n' "$out"
  count=$(printf '%s\n' "$out" | sed -nE "s/^$name: ([0-9]+) of .*/\1/p")
  [ "${count:-0}" -ge "$floor" ] || { echo "FAILED: $name: ${count:-0} agree, the floor is $floor"; exit 1; }
}

agree transcripts "$transcripts" "$folder"/transcripts/*.jsonl
agree cases "$cases" --cases "$folder"/cases/*.jsonl
echo "2 passed, 0 failed"
