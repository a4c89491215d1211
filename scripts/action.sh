#!/usr/bin/env bash
# The steps of action.yml: annotations decide, and the same findings are written as SARIF and as a comment.
set -uo pipefail
node=$(ls "$GITHUB_ACTION_PATH"/node_modules/node-linux-*/bin/node 2>/dev/null | head -1)
ratchet() { "${node:-node}" "$GITHUB_ACTION_PATH/cli/ratchet.js" diff "${words[@]}" "$@"; }

words=()
range=${RANGE:-}
# A plan alone needs no range.
if [ -z "$range" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then range="origin/$GITHUB_BASE_REF...HEAD"; fi
[ -n "$range" ] && words+=("$range")
read -r -a paths <<<"${PATHS:-}"
words+=("${paths[@]}")
[ -n "${CONFIG:-}" ] && words+=(--config "$CONFIG")
[ -n "${ACCOUNT_ID:-}" ] && words+=(--account-id "$ACCOUNT_ID")
[ -n "${REGION:-}" ] && words+=(--region "$REGION")

ratchet --output github
status=$?
echo "status=$status" >>"${GITHUB_OUTPUT:-/dev/null}"
# A wrong range or path is wrong for every format.
[ "$status" -eq 2 ] || [ "$status" -eq 4 ] && exit "$status"
[ -n "${SARIF:-}" ] && ratchet --output sarif >"$SARIF"
ratchet --output markdown >>"${COMMENT:-${GITHUB_STEP_SUMMARY:-/dev/null}}"
exit "$status"
