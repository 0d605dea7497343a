#Requires -Version 7.4

Describe 'Copy- and Get-AzsStackReplica' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot EmulatedStack.psm1) -Force
        Import-Module (Get-ModuleManifestPath)
        $source = Start-EmulatedStack
        $target = Start-EmulatedStack -Identity adfs -Empty
        $null = Connect-EmulatedStack $source -Name source
        $null = Connect-EmulatedStack $target -Name target
        $disk = "/subscriptions/$($source.subscriptionId)/resourceGroups/contoso-app/providers/Microsoft.Compute/disks/app-web-1-data"
        $image = Join-Path $TestDrive disk.img
        New-DiskImage $image
        Set-EmulatedDisk $source -Disk $disk -Path $image
    }

    AfterAll {
        Get-AzsStack | Disconnect-AzsStack
        Stop-EmulatedStack
    }

    It 'does nothing with -WhatIf' {
        $before = (Get-EmulatedState $target).resources
        Copy-AzsStackReplica -Source source -Destination target -ResourceGroupName contoso-app -Name app-web-1 -WhatIf | Should-BeNull
        (Get-EmulatedState $target).resources | Should-Be $before
    }

    It 'copies the same bytes' {
        $replica = Copy-AzsStackReplica -Source source -Destination target -ResourceGroupName contoso-app -Name app-web-1
        $replica.Health | Should-Be 'Healthy'
        $replica.Disks.Count | Should-Be 2
        Get-DiskHash ($replica.Disks | Where-Object Lun -EQ 0).BlobUri -Stack $target | Should-Be (Get-DiskHash $disk -Stack $source)
        (Get-EmulatedState $source).snapshots | Should-Be 0
    }

    It 'refuses to copy a VM onto its own stack' {
        { Copy-AzsStackReplica -Source source -Destination source -ResourceGroupName contoso-app -Name app-web-1 -ErrorAction Stop } | Should-Throw
    }

    It 'lists replicas when the source is gone' {
        Stop-EmulatedStack $source
        $replica = Get-AzsStackReplica -Stack target
        $replica.VmName | Should-Be 'app-web-1'
        $replica.Rpo | Should-BeGreaterThan ([timespan]::Zero)
    }
}
