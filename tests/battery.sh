#!/usr/bin/env bash
# The cases of ../shared/battery: all must pass but those that belong to issues that are still open.
# usage: tests/battery.sh RUNNER RIPECTL
set -euo pipefail
runner=$1
export RIPECTL=$2

# What is not mended yet, each with what it waits for.
open=(
  31-loose-maxlen 119-anchor-missing 120-expires-soon   # the gate
)

cases=()
for case in "$(dirname "$runner")"/[0-9]*/; do
  name=$(basename "$case")
  [[ " ${open[*]} " == *" $name "* ]] || cases+=("$name")
done
bash "$runner" "${cases[@]}" | grep -v '^pass '
test "${PIPESTATUS[0]}" -eq 0
