#Requires -Version 7.4
<#
.SYNOPSIS
Builds, tests and packages AzsBackup.
.DESCRIPTION
A door for people who have pwsh. Everything it does can be done without it: `dotnet build` and `dotnet test` are the build.
.PARAMETER Task
Build: build the module, the emulator and the playground. Test: build, and run the xUnit tests. Pester: build, and run the
tests in tests/Pester, which need Pester 6. Package: build the module and lay what ships into out/AzsBackup, with a zip beside it.
.PARAMETER Configuration
The build configuration. A package is made of a Release build unless you ask otherwise.
.EXAMPLE
./build.ps1 Package
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Pester', 'Package')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = ($Task -eq 'Package' ? 'Release' : 'Debug')
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

function Invoke-Build {
    dotnet build $PSScriptRoot --configuration $Configuration -verbosity:quiet -nologo
}

function Invoke-Test {
    Push-Location $PSScriptRoot # global.json there chooses the test runner
    try {
        dotnet test --configuration $Configuration
    }
    finally {
        Pop-Location
    }
}

function Invoke-PesterTest {
    Import-Module Pester -MinimumVersion 6.0
    $settings = New-PesterConfiguration
    $settings.Run.Path = Join-Path $PSScriptRoot tests Pester
    $settings.Run.Exit = $true
    $settings.Output.Verbosity = 'Detailed'
    $env:AZSBACKUP_CONFIGURATION = $Configuration
    Invoke-Pester -Configuration $settings
}

function New-Package {
    $manifest = Import-PowerShellDataFile (Join-Path $PSScriptRoot AzsBackup.psd1)
    $out = Join-Path $PSScriptRoot out
    $package = Join-Path $out AzsBackup
    if (Test-Path $package) {
        Remove-Item $package -Recurse
    }

    $null = New-Item $package -ItemType Directory
    Copy-Item (Join-Path $PSScriptRoot AzsBackup.psd1), (Join-Path $PSScriptRoot module), (Join-Path $PSScriptRoot en-US) $package -Recurse
    Get-ChildItem $package -Recurse -File -Include *.pdb, *.md | Remove-Item
    Get-ChildItem $package -Recurse -Directory | Where-Object { -not (Get-ChildItem $_ -Recurse -File) } | Remove-Item -Recurse
    $null = Test-ModuleManifest (Join-Path $package AzsBackup.psd1)

    $zip = Join-Path $out "AzsBackup-$($manifest.ModuleVersion).zip"
    Compress-Archive $package $zip -Force
    Get-Item $zip
}

Invoke-Build
switch ($Task) {
    'Test' { Invoke-Test }
    'Pester' { Invoke-PesterTest }
    'Package' { New-Package }
}
