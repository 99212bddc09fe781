#!/bin/sh
# Installs a released prodcheck:
#   curl -fsSL https://github.com/prodcheck/prodcheck/releases/latest/download/install.sh | sh
# Reads PRODCHECK_VERSION (such as 0.1.0; the newest by default), PRODCHECK_INSTALL_DIR (~/.local/bin by default), and
# PRODCHECK_DOWNLOAD (the folder of a mirror that holds the archives and SHA256SUMS).
set -eu

repository="https://github.com/prodcheck/prodcheck"
folder="${PRODCHECK_INSTALL_DIR:-$HOME/.local/bin}"

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64 | Linux-amd64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  *) fail "there is no binary for $(uname -sm); \`cargo install prodcheck\` builds one" ;;
esac

if [ -n "${PRODCHECK_DOWNLOAD:-}" ]; then
  from="$PRODCHECK_DOWNLOAD"
elif [ -n "${PRODCHECK_VERSION:-}" ]; then
  from="$repository/releases/download/v${PRODCHECK_VERSION#v}"
else
  from="$repository/releases/latest/download"
fi

get() {
  if command -v curl >/dev/null; then
    curl --proto '=https,file' --tlsv1.2 -fsSL "$1" -o "$2"
  elif command -v wget >/dev/null; then
    wget --https-only -q "$1" -O "$2"
  else
    fail "neither curl nor wget is installed"
  fi || fail "cannot download $1"
}

sum() {
  if command -v sha256sum >/dev/null; then
    sha256sum "$1"
  elif command -v shasum >/dev/null; then
    shasum -a 256 "$1"
  else
    fail "neither sha256sum nor shasum is installed, so the download cannot be checked"
  fi | cut -d ' ' -f 1
}

main() {
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  archive="prodcheck-$target.tar.gz"
  get "$from/SHA256SUMS" "$work/SHA256SUMS"
  get "$from/$archive" "$work/$archive"
  # A download that is not what was released must not run.
  wanted="$(sed -n "s/^\([0-9a-f]\{64\}\)  $archive\$/\1/p" "$work/SHA256SUMS")"
  [ -n "$wanted" ] || fail "SHA256SUMS does not name $archive"
  [ "$(sum "$work/$archive")" = "$wanted" ] || fail "the checksum of $archive is not that of the release"
  tar -xzf "$work/$archive" -C "$work"
  mkdir -p "$folder"
  # One that runs is replaced, not written into.
  cp "$work/prodcheck-$target/prodcheck" "$folder/.prodcheck.new"
  chmod 755 "$folder/.prodcheck.new"
  mv -f "$folder/.prodcheck.new" "$folder/prodcheck"
  echo "$("$folder/prodcheck" --version) is installed in $folder"
  case ":$PATH:" in
    *":$folder:"*) ;;
    *) echo "add $folder to your PATH" ;;
  esac
}

# All of it was read before anything runs: half a download does nothing.
main
