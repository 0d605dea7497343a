#Requires -Version 7.4

Describe 'Compare-AzsResourceConfig and ConvertTo-AzsInventory' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot EmulatedStack.psm1) -Force
        Import-Module (Get-ModuleManifestPath)
        $stack = Start-EmulatedStack
        $null = Connect-EmulatedStack $stack -Name inventory
        $capture = Join-Path $TestDrive capture
        $null = Export-AzsResourceConfig $capture
    }

    AfterAll {
        Get-AzsStack | Disconnect-AzsStack
        Stop-EmulatedStack
    }

    It 'finds no difference where nothing changed' {
        Compare-AzsResourceConfig $capture | Should-BeNull
    }

    It 'tells each resource that is the same when asked' {
        $same = Compare-AzsResourceConfig $capture -ResourceGroupName contoso-app -IncludeEqual
        $same.Count | Should-BeGreaterThan 10
        $same.Change | Sort-Object -Unique | Should-Be 'Equal'
    }

    It 'finds one changed property by its path' {
        $changed = Join-Path $TestDrive changed
        Copy-Item $capture $changed -Recurse
        $file = Get-ChildItem $changed -Recurse -Filter app-web-1.json | Where-Object FullName -Like '*virtualmachines*' | Select-Object -First 1
        (Get-Content $file -Raw).Replace('Standard_DS1_v2', 'Standard_DS3_v2') | Set-Content $file
        $difference = Compare-AzsResourceConfig $capture $changed
        $difference.Path | Should-Be 'properties.hardwareProfile.vmSize'
        $difference.ReferenceValue | Should-Be 'Standard_DS1_v2'
        $difference.DifferenceValue | Should-Be 'Standard_DS3_v2'
    }

    It 'writes one page, and the same bytes again' {
        $pages = foreach ($name in 'one.html', 'two.html') { ConvertTo-AzsInventory $capture (Join-Path $TestDrive $name) -Culture en-US }
        (Get-FileHash $pages[1]).Hash | Should-Be (Get-FileHash $pages[0]).Hash
        Get-Content $pages[0] -Raw | Should-MatchString 'contoso-vnet'
    }

    It 'writes tables that Import-Csv reads' {
        $tables = Join-Path $TestDrive tables
        $null = ConvertTo-AzsInventory $capture (Join-Path $TestDrive page.html) -CsvPath $tables -Culture en-US
        (Import-Csv (Join-Path $tables microsoft.compute_virtualmachines.csv)).Name | Sort-Object | Should-BeCollection @('app-web-1', 'app-web-2', 'db-1')
    }
}
