Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = Split-Path (Split-Path $PSScriptRoot)
$configuration = $env:AZSBACKUP_CONFIGURATION ? $env:AZSBACKUP_CONFIGURATION : 'Debug'

$processes = [System.Collections.Generic.List[System.Diagnostics.Process]]::new()

function Get-ModuleManifestPath {
    Join-Path $root AzsBackup.psd1
}

function Start-EmulatedStack {
    <#
    .SYNOPSIS
    Starts the emulated stack in a process of its own, as its users do, and returns what it says about itself.
    #>
    param(
        [ValidateSet('entra', 'adfs')]
        [string] $Identity = 'entra',

        [switch] $Empty
    )

    $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet')
    $start.RedirectStandardOutput = $true
    $start.ArgumentList.Add((Join-Path $root src AzsBackup.Emulator bin $configuration net10.0 AzsBackup.Emulator.dll))
    $start.ArgumentList.Add('--identity')
    $start.ArgumentList.Add($Identity)
    if (-not $Empty) {
        $start.ArgumentList.Add('--estate')
        $start.ArgumentList.Add('sample')
    }

    $process = [System.Diagnostics.Process]::Start($start)
    $processes.Add($process)
    $line = $process.StandardOutput.ReadLine()
    if (-not $line) {
        throw "The emulated stack did not start; its exit code is $($process.ExitCode). Build it first: dotnet build"
    }

    $stack = $line | ConvertFrom-Json
    $secret = ConvertTo-SecureString $stack.clientSecret -AsPlainText -Force
    $stack | Add-Member Process $process
    $stack | Add-Member Credential ([pscredential]::new($stack.clientId, $secret))
    $stack
}

function Stop-EmulatedStack {
    <#
    .SYNOPSIS
    Ends one stack, or all that were started.
    #>
    param($Stack)

    foreach ($process in $Stack ? @($Stack.Process) : $processes) {
        $process.Kill($true)
        $process.WaitForExit()
    }
}

function Connect-EmulatedStack {
    param([Parameter(Mandatory)] $Stack, [Parameter(Mandatory)] [string] $Name)

    Connect-AzsStack -ArmEndpoint $Stack.armEndpoint -TenantId $Stack.tenantId -Credential $Stack.Credential -CaCertificatePath $Stack.caCertificatePath -Name $Name
}

function Set-EmulatedDisk {
    <#
    .SYNOPSIS
    Writes an image to a disk, as the guest would.
    #>
    param([Parameter(Mandatory)] $Stack, [Parameter(Mandatory)] [string] $Disk, [Parameter(Mandatory)] [string] $Path)

    $body = @{ disk = $Disk; path = $Path } | ConvertTo-Json
    $null = Invoke-RestMethod "$($Stack.controlEndpoint)disks/replace" -Method Post -Body $body -ContentType application/json
}

function Get-EmulatedState {
    <#
    .SYNOPSIS
    Counts what lies on the stack: snapshots, granted disks, resources.
    #>
    param([Parameter(Mandatory)] $Stack)

    Invoke-RestMethod "$($Stack.controlEndpoint)state"
}

function Get-DiskHash {
    <#
    .SYNOPSIS
    The SHA-256 of a disk's bytes without its VHD footer: of a VHD file, or of a disk or page blob on the emulated stack.
    #>
    param([Parameter(Mandatory)] [string] $Disk, $Stack)

    $response = $null
    if ($Stack) {
        $client = [System.Net.Http.HttpClient]::new()
        $uri = "$($Stack.controlEndpoint)disks/content?disk=$([uri]::EscapeDataString($Disk))"
        $response = $client.GetAsync($uri, [System.Net.Http.HttpCompletionOption]::ResponseHeadersRead).GetAwaiter().GetResult().EnsureSuccessStatusCode()
        $length = $response.Content.Headers.ContentLength
        $stream = $response.Content.ReadAsStream()
    }
    else {
        $stream = [System.IO.File]::OpenRead($Disk)
        $length = $stream.Length
    }

    try {
        $hash = [System.Security.Cryptography.IncrementalHash]::CreateHash('SHA256')
        $block = [byte[]]::new(4MB)
        for ($left = $length - 512; $left -gt 0; $left -= $read) {
            $read = $stream.Read($block, 0, [Math]::Min($left, $block.Length))
            if ($read -eq 0) { throw "$Disk is shorter than it says." }
            $hash.AppendData($block, 0, $read)
        }

        [Convert]::ToHexString($hash.GetHashAndReset())
    }
    finally {
        $stream.Dispose()
    }
}

function New-DiskImage {
    <#
    .SYNOPSIS
    Writes a raw image made of real files: the assemblies of this PowerShell.
    #>
    param([Parameter(Mandatory)] [string] $Path, [int] $Skip = 0)

    $image = [System.IO.File]::Create($Path)
    try {
        $image.Position = 1MB
        foreach ($file in Get-ChildItem $PSHOME -Filter *.dll | Sort-Object Name | Select-Object -Skip $Skip -First 20) {
            $bytes = [System.IO.File]::ReadAllBytes($file)
            $image.Write($bytes, 0, $bytes.Length)
        }

        $image.SetLength([Math]::Ceiling($image.Length / 1MB) * 1MB)
    }
    finally {
        $image.Dispose()
    }
}
