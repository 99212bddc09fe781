#!/usr/bin/env bash
# Prints the Homebrew formula of a release: packaging/homebrew/formula.sh 0.1.0 out/SHA256SUMS >Formula/prodcheck.rb
set -euo pipefail

version="${1:?the version, such as 0.1.0}"
sums="${2:?the file SHA256SUMS of the release}"
root="$(cd "$(dirname "$0")/../.." && pwd)"

# Cargo.toml decides where prodcheck is published, and how it is described.
told() {
  sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$root/Cargo.toml" | head -n 1
}

sum() {
  local found
  found="$(sed -n "s/^\([0-9a-f]\{64\}\)  prodcheck-$1\.tar\.gz\$/\1/p" "$sums")"
  [[ -n "$found" ]] || {
    echo "formula.sh: $sums does not name prodcheck-$1.tar.gz" >&2
    exit 1
  }
  echo "$found"
}

source_of() {
  local checked
  checked="$(sum "$1")" || exit 1
  printf '      url "%s/releases/download/v%s/prodcheck-%s.tar.gz"\n      sha256 "%s"\n' "$(told repository)" "$version" "$1" "$checked"
}

mac_arm="$(source_of aarch64-apple-darwin)"
mac_intel="$(source_of x86_64-apple-darwin)"
linux_arm="$(source_of aarch64-unknown-linux-musl)"
linux_intel="$(source_of x86_64-unknown-linux-musl)"

cat <<RUBY
class Prodcheck < Formula
  desc "$(told description | sed 's/^A //; s/^./\U&/')"
  homepage "$(told homepage)"
  version "$version"
  license "MIT"

  on_macos do
    on_arm do
$mac_arm
    end
    on_intel do
$mac_intel
    end
  end

  on_linux do
    on_arm do
$linux_arm
    end
    on_intel do
$linux_intel
    end
  end

  def install
    bin.install "prodcheck"
    man1.install Dir["man/*.1"]
    generate_completions_from_executable(bin/"prodcheck", "completions")
  end

  test do
    (testpath/"package.json").write '{ "dependencies": { "bknd": "0.20.0" } }'
    (testpath/"bknd.config.ts").write "export default { config: { auth: { guard: { enabled: false } } } };"
    assert_match "auth/guard-disabled", shell_output("#{bin}/prodcheck scan --format concise", 1)
  end
end
RUBY
