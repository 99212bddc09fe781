# Installs a released prodcheck on Windows:
#   irm https://github.com/prodcheck/prodcheck/releases/latest/download/install.ps1 | iex
# Reads PRODCHECK_VERSION (such as 0.1.0; the newest by default), PRODCHECK_INSTALL_DIR, and PRODCHECK_DOWNLOAD (a mirror that
# holds the archives and SHA256SUMS).
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

function Install-Prodcheck {
    $repository = 'https://github.com/prodcheck/prodcheck'
    $target = switch ([System.Runtime.InteropServices.RuntimeInformation]::OSArchitecture) {
        'X64' { 'x86_64-pc-windows-msvc' }
        'Arm64' { 'aarch64-pc-windows-msvc' }
        default { throw "there is no binary for $_; ``cargo install prodcheck`` builds one" }
    }
    $folder = if ($env:PRODCHECK_INSTALL_DIR) { $env:PRODCHECK_INSTALL_DIR } else { Join-Path $env:LOCALAPPDATA 'Programs\prodcheck' }
    $from = if ($env:PRODCHECK_DOWNLOAD) { $env:PRODCHECK_DOWNLOAD }
    elseif ($env:PRODCHECK_VERSION) { "$repository/releases/download/v$($env:PRODCHECK_VERSION.TrimStart('v'))" }
    else { "$repository/releases/latest/download" }

    $work = Join-Path ([System.IO.Path]::GetTempPath()) ([System.IO.Path]::GetRandomFileName())
    New-Item -ItemType Directory -Path $work | Out-Null
    try {
        $archive = "prodcheck-$target.zip"
        Invoke-WebRequest -UseBasicParsing -Uri "$from/SHA256SUMS" -OutFile (Join-Path $work 'SHA256SUMS')
        Invoke-WebRequest -UseBasicParsing -Uri "$from/$archive" -OutFile (Join-Path $work $archive)
        # A download that is not what was released must not run.
        $wanted = Get-Content (Join-Path $work 'SHA256SUMS') |
            Where-Object { $_ -match "^([0-9a-f]{64})  $([regex]::Escape($archive))$" } |
            ForEach-Object { $Matches[1] } | Select-Object -First 1
        if (-not $wanted) { throw "SHA256SUMS does not name $archive" }
        $sum = (Get-FileHash -Algorithm SHA256 (Join-Path $work $archive)).Hash.ToLowerInvariant()
        if ($sum -ne $wanted) { throw "the checksum of $archive is not that of the release" }
        Expand-Archive -Path (Join-Path $work $archive) -DestinationPath $work
        New-Item -ItemType Directory -Force -Path $folder | Out-Null
        Copy-Item -Force (Join-Path $work "prodcheck-$target\prodcheck.exe") (Join-Path $folder 'prodcheck.exe')
    }
    finally {
        Remove-Item -Recurse -Force $work
    }
    Write-Output "$(& (Join-Path $folder 'prodcheck.exe') --version) is installed in $folder"
    if (($env:PATH -split ';') -notcontains $folder) { Write-Output "add $folder to your PATH" }
}

Install-Prodcheck
