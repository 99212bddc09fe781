#!/usr/bin/env bash
# Puts prodcheck on the PATH of the job: the one that is there, a released binary, or one built from the action's source.
# Reads VERSION (a release tag; empty or another ref means: build), REPOSITORY (owner/name) and what the runner sets.
set -euo pipefail

if command -v prodcheck >/dev/null; then
  echo "using $(command -v prodcheck): $(prodcheck --version)"
  exit 0
fi

folder="${RUNNER_TEMP:?}/prodcheck-bin"
mkdir -p "$folder"

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  MINGW*-x86_64 | MSYS*-x86_64) target=x86_64-pc-windows-msvc ;;
  *) target= ;;
esac

released() {
  [[ -n "$target" && "${VERSION:-}" =~ ^v[0-9]+\.[0-9]+\.[0-9]+ ]] || return 1
  local archive="prodcheck-$target.tar.gz"
  gh release download "$VERSION" --repo "${REPOSITORY:?}" --dir "$folder" --pattern "$archive" --pattern SHA256SUMS || return 1
  # A download that is not what was released must not run.
  (cd "$folder" && grep -F " $archive" SHA256SUMS | sha256sum --check --strict -) || exit 1
  tar -xzf "$folder/$archive" -C "$folder" --strip-components=1
}

if ! released; then
  echo "no released binary of '${VERSION:-}' for $(uname -sm): building from source"
  cargo install --quiet --locked --path "${GITHUB_ACTION_PATH:?}" --root "$folder/built"
  folder="$folder/built/bin"
fi

echo "$folder" >>"${GITHUB_PATH:?}"
"$folder/prodcheck" --version
