#!/usr/bin/env bash
# One reading of the cards, four answers: annotations (the worst ten), the step summary, SARIF and HTML. Exit code: that of the linter.
set -euo pipefail
out=$(mktemp -d "${RUNNER_TEMP:-/tmp}/cardaudit.XXXXXX")
read -ra targets <<<"$TARGETS"
read -ra arguments <<<"$ARGUMENTS"
code=0
cardaudit lint "${targets[@]}" "${arguments[@]}" --fail-on "$FAIL_ON" --format concise \
  -o "github=$out/annotations" -o "markdown=$out/summary.md" -o "sarif=$out/cardaudit.sarif" -o "html=$out/cardaudit.html" || code=$?
[ -f "$out/annotations" ] && head -n 10 "$out/annotations"
[ -f "$out/summary.md" ] && head -c 1000000 "$out/summary.md" >>"$GITHUB_STEP_SUMMARY"
if [ "$code" -le 1 ]; then
  printf 'sarif=%s\nreport=%s\n' "$out/cardaudit.sarif" "$out/cardaudit.html" >>"$GITHUB_OUTPUT"
fi
exit "$code"
