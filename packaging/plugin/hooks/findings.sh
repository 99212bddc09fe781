#!/bin/sh
# Hands an agent what its edits brought in and what blocks: on standard error with exit code 2, which is what it reads.
# Everything else (nothing blocks, no repository, no supported project, no prodcheck) is none of its business.
command -v prodcheck >/dev/null 2>&1 || exit 0
found=$(prodcheck scan --changed=HEAD --quiet --format agent 2>/dev/null)
[ $? -eq 1 ] || exit 0
printf '%s\n' "$found" >&2
exit 2
