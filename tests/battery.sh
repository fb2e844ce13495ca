#!/usr/bin/env bash
# The cases of ../shared/battery: all must pass.
# usage: tests/battery.sh RUNNER RIPECTL
set -euo pipefail
runner=$1
export RIPECTL=$2

cases=()
for case in "$(dirname "$runner")"/[0-9]*/; do
  name=$(basename "$case")
  cases+=("$name")
done
bash "$runner" "${cases[@]}" | grep -v '^pass '
test "${PIPESTATUS[0]}" -eq 0
