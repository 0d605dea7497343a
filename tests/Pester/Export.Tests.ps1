#Requires -Version 7.4

Describe 'Export-AzsResourceConfig' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot EmulatedStack.psm1) -Force
        Import-Module (Get-ModuleManifestPath)
        $stack = Start-EmulatedStack
        $null = Connect-EmulatedStack $stack -Name export
        $capture = Export-AzsResourceConfig (Join-Path $TestDrive first)
    }

    AfterAll {
        Get-AzsStack | Disconnect-AzsStack
        Stop-EmulatedStack
    }

    It 'captures every resource into a JSON file that holds its id' {
        $capture.Count | Should-BeGreaterThan 20
        $capture | Where-Object Status -NE Captured | Should-BeNull
        foreach ($resource in $capture) {
            (Get-Content $resource.File -Raw | ConvertFrom-Json -AsHashtable) | ConvertTo-Json -Depth 50 | Should-MatchString ([regex]::Escape($resource.Name.Split('/')[-1]))
        }
    }

    It 'covers the types of the sample estate' {
        $types = $capture.Type | Sort-Object -Unique
        foreach ($type in 'Microsoft.Compute/virtualMachines', 'Microsoft.Network/virtualNetworks', 'Microsoft.KeyVault/vaults', 'Microsoft.Authorization/locks', 'Microsoft.Authorization/roleAssignments') {
            $types | Should-ContainCollection $type
        }
    }

    It 'writes the same bytes again' {
        $null = Export-AzsResourceConfig (Join-Path $TestDrive second)
        $hashes = foreach ($name in 'first', 'second') {
            $folder = Join-Path $TestDrive $name raw
            (Get-ChildItem $folder -Recurse -File | Sort-Object FullName | ForEach-Object {
                [System.IO.Path]::GetRelativePath($folder, $_.FullName) + (Get-FileHash $_).Hash
            }) -join "`n"
        }
        $hashes[1] | Should-Be $hashes[0]
    }

    It 'exports one resource group only' {
        $group = Export-AzsResourceConfig (Join-Path $TestDrive group) -ResourceGroupName contoso-network
        ($group | Where-Object ResourceGroupName).ResourceGroupName | Sort-Object -Unique | Should-Be 'contoso-network'
    }

    It 'keeps captures in a vault and gives them back' {
        $vault = New-AzsBackupVault (Join-Path $TestDrive vault) -NoEncryption
        $kept = Export-AzsResourceConfig -Vault $vault
        $kept.Count | Should-Be $capture.Count
        (Get-AzsResourceConfig -Vault $vault).Resources | Should-Be $capture.Count
        $null = Get-AzsResourceConfig -Vault $vault -Latest -Path (Join-Path $TestDrive back)
        (Get-ChildItem (Join-Path $TestDrive back raw) -Recurse -File).Count | Should-Be (Get-ChildItem (Join-Path $TestDrive first raw) -Recurse -File).Count
        Get-AzsVmBackup -Vault $vault | Should-BeNull
    }

    It 'does nothing with -WhatIf' {
        Export-AzsResourceConfig (Join-Path $TestDrive nothing) -WhatIf | Should-BeNull
        Test-Path (Join-Path $TestDrive nothing) | Should-BeFalse
    }
}
