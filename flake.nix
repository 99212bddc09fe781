{
  description = "prodcheck: is this project configured to be in production?";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      each = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      cargo = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).package;
    in
    {
      packages = each (pkgs: {
        default = pkgs.rustPlatform.buildRustPackage {
          pname = cargo.name;
          inherit (cargo) version;
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          # The tests want git and the fixtures as a repository; CI runs them.
          doCheck = false;
          nativeBuildInputs = [ pkgs.installShellFiles ];
          postInstall = ''
            installManPage man/*.1
            for shell in bash fish zsh; do
              $out/bin/prodcheck completions $shell >prodcheck.$shell
            done
            installShellCompletion --bash prodcheck.bash --fish prodcheck.fish --zsh prodcheck.zsh
          '';
          meta = {
            inherit (cargo) description homepage;
            license = pkgs.lib.licenses.mit;
            mainProgram = "prodcheck";
          };
        };
      });

      apps = each (pkgs: {
        default = {
          type = "app";
          program = "${self.packages.${pkgs.stdenv.hostPlatform.system}.default}/bin/prodcheck";
        };
      });
    };
}
