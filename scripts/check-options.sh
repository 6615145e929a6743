#!/usr/bin/env bash
# Checks that every option of the program stands in docs/commands.md and docs/vtrack.1, and that neither names another
# one: scripts/check-options.sh VTRACK
set -euo pipefail
vtrack=$(realpath "${1:-.build/release/vtrack}")
cd "$(dirname "$0")/.."

known=$("$vtrack" --experimental-dump-help | grep -A 1 '"kind" : "long"' | sed -n 's/.*"name" : "\(.*\)".*/\1/p' | sort -u)
in_table=$(grep -oE -- '--[a-z][a-z-]+' docs/commands.md | sed 's/^--//' | sort -u)
in_manual=$(grep -oE '^\.(It|Op) .*|Fl -[a-z-]+' docs/vtrack.1 | grep -oE 'Fl -[a-z-]+' | sed 's/^Fl -//' | sort -u)

status=0
report() { # WHERE WHAT NAMES
    [ -z "$3" ] && return
    echo "$1 $2: $(echo "$3" | tr '\n' ' ')" >&2
    status=1
}
# The parser adds these to every command; the table of commands shows them once.
common='^(help|version|generate-completion-script)$'
report docs/commands.md "lacks" "$(comm -23 <(echo "$known") <(echo "$in_table") | grep -vE "$common" || true)"
report docs/commands.md "names unknown options" "$(comm -13 <(echo "$known") <(echo "$in_table") | grep -vE "$common" || true)"
report docs/vtrack.1 "lacks" "$(comm -23 <(echo "$known") <(echo "$in_manual") | grep -vE "$common" || true)"
report docs/vtrack.1 "names unknown options" "$(comm -13 <(echo "$known") <(echo "$in_manual") | grep -vE "$common" || true)"
exit $status
