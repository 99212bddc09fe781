#!/usr/bin/env bash
# Scans, annotates, writes the step summary and the SARIF file. Never fails by itself: the action's last step does.
# Reads SCAN_PATH, SCAN_ARGS (one argument a line), SARIF_FILE, SUMMARY and what the runner sets.
set -uo pipefail

sarif="${SARIF_FILE:-}"
[[ -n "$sarif" ]] || sarif="${RUNNER_TEMP:?}/prodcheck.sarif"

arguments=(scan --format github --output-file "sarif=$sarif")
[[ "${SUMMARY:-true}" == true ]] && arguments+=(--output-file "markdown=${GITHUB_STEP_SUMMARY:?}")
while IFS= read -r line; do
  [[ -n "$line" ]] && arguments+=("$line")
done <<<"${SCAN_ARGS:-}"

prodcheck "${arguments[@]}" -- "${SCAN_PATH:-.}"
status=$?

{
  echo "exit-code=$status"
  echo "sarif-file=$sarif"
} >>"${GITHUB_OUTPUT:?}"
