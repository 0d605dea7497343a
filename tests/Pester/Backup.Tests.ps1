#Requires -Version 7.4

Describe 'Start-, Get- and Restore-AzsVmBackup' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot EmulatedStack.psm1) -Force
        Import-Module (Get-ModuleManifestPath)
        $stack = Start-EmulatedStack
        $null = Connect-EmulatedStack $stack -Name backup
        $group = "/subscriptions/$($stack.subscriptionId)/resourceGroups/contoso-app/providers/Microsoft.Compute"
        $disk = "$group/disks/app-web-1-data"
        $image = Join-Path $TestDrive first.img
        New-DiskImage $image
        Set-EmulatedDisk $stack -Disk $disk -Path $image
        $vault = New-AzsBackupVault (Join-Path $TestDrive vault) -Password (ConvertTo-SecureString 'correct horse' -AsPlainText -Force)
        $first = Start-AzsVmBackup -Vault $vault -ResourceGroupName contoso-app -Name app-web-1
    }

    AfterAll {
        Get-AzsStack | Disconnect-AzsStack
        Stop-EmulatedStack
    }

    It 'emits a recovery point of the whole VM' {
        $first.VmName | Should-Be 'app-web-1'
        $first.VmId | Should-Be "$group/virtualMachines/app-web-1"
        $first.Consistency | Should-Be 'Crash'
        $first.Disks.Count | Should-Be 2
        $first.BytesStored | Should-BeGreaterThan 0
        $first.BytesStored | Should-BeLessThan (Get-Item $image).Length
    }

    It 'leaves only the snapshots that the point keeps for the next one, and no granted disk' {
        $state = Get-EmulatedState $stack
        $state.snapshots | Should-Be @($first.Disks.KeptSnapshotId -ne $null).Count
        $state.activeSas | Should-Be 0
    }

    It 'restores the same bytes, through the pipeline' {
        $restore = Get-AzsVmBackup -Vault $vault | Restore-AzsVmBackup -Path (Join-Path $TestDrive out)
        $restore.Disks.File | Split-Path -Leaf | Should-BeCollection 'app-web-1-os.vhd', 'app-web-1-lun0.vhd'
        Get-DiskHash (Join-Path $TestDrive out app-web-1-lun0.vhd) | Should-Be (Get-DiskHash $disk -Stack $stack)
    }

    It 'stores nothing again that the vault holds' {
        $second = Start-AzsVmBackup -Vault $vault -ResourceId $first.VmId
        $second.BytesStored | Should-Be 0
    }

    It 'gives back the generation that is asked for' {
        $before = Get-DiskHash $disk -Stack $stack
        $changed = Join-Path $TestDrive second.img
        New-DiskImage $changed -Skip 5
        Set-EmulatedDisk $stack -Disk $disk -Path $changed
        $third = Start-AzsVmBackup -Vault $vault -ResourceId $first.VmId -IncludeDisk 0
        $null = $first | Restore-AzsVmBackup -Path (Join-Path $TestDrive then)
        $null = $third | Restore-AzsVmBackup -Path (Join-Path $TestDrive now)
        Get-DiskHash (Join-Path $TestDrive then app-web-1-lun0.vhd) | Should-Be $before
        Get-DiskHash (Join-Path $TestDrive now app-web-1-lun0.vhd) | Should-Be (Get-DiskHash $disk -Stack $stack)
    }

    It 'takes objects shaped like those of Get-AzVM' {
        $vm = [pscustomobject]@{ Id = "$group/virtualMachines/db-1"; Name = 'db-1'; ResourceGroupName = 'contoso-app'; VmId = [guid]::NewGuid() }
        ($vm | Start-AzsVmBackup -Vault $vault).VmName | Should-Be 'db-1'
    }

    It 'goes on with the others when one VM is missing' {
        $points = 'missing', 'app-web-2' | ForEach-Object { [pscustomobject]@{ ResourceGroupName = 'contoso-app'; Name = $_ } } |
            Start-AzsVmBackup -Vault $vault -ErrorVariable failures -ErrorAction SilentlyContinue
        $points.VmName | Should-Be 'app-web-2'
        $failures[0].CategoryInfo.Category | Should-Be 'ObjectNotFound'
    }

    It 'runs as a job' {
        $point = Start-AzsVmBackup -Vault $vault -ResourceId $first.VmId -AsJob | Wait-Job | Receive-Job -AutoRemoveJob -Wait
        $point.VmName | Should-Be 'app-web-1'
    }

    It 'restores to a new VM, and names what stands in the way of one beside itself' {
        $restore = $first | Restore-AzsVmBackup -ResourceGroupName copies -VmName copy -WarningAction SilentlyContinue
        $restore.VmId | Should-BeLikeString '*/resourceGroups/copies/*/virtualMachines/copy'
        $null = $first | Restore-AzsVmBackup -ResourceGroupName copies -VmName copy -WhatIf -WarningAction SilentlyContinue -ErrorVariable blockers -ErrorAction SilentlyContinue
        $blockers.Count | Should-BeGreaterThan 2
        $blockers[0].FullyQualifiedErrorId | Should-BeLikeString 'NameTaken*'
    }

    It 'restores in place and goes back' {
        $before = Get-DiskHash $disk -Stack $stack
        $restore = $first | Restore-AzsVmBackup -InPlace -WarningAction SilentlyContinue
        $restore.Disks[1].ReplacedDiskId | Should-Be $disk
        ($restore | Complete-AzsVmRestore -Undo -Confirm:$false).Undone | Should-BeTrue
        Get-DiskHash $disk -Stack $stack | Should-Be $before
    }

    It 'does nothing with -WhatIf' {
        $before = (Get-AzsVmBackup -Vault $vault).Count
        Start-AzsVmBackup -Vault $vault -ResourceId $first.VmId -WhatIf | Should-BeNull
        $first | Restore-AzsVmBackup -Path (Join-Path $TestDrive nothing) -WhatIf | Should-BeNull
        (Get-AzsVmBackup -Vault $vault).Count | Should-Be $before
        Test-Path (Join-Path $TestDrive nothing) | Should-BeFalse
    }

    It 'does not overwrite a restored file unasked' {
        { $first | Restore-AzsVmBackup -Path (Join-Path $TestDrive then) -ErrorAction Stop } | Should-Throw -ExceptionMessage '*exists already*'
        ($first | Restore-AzsVmBackup -Path (Join-Path $TestDrive then) -Force).VmName | Should-Be 'app-web-1'
    }

    It 'shows a table that fits <_> columns' -ForEach 80, 120 {
        $lines = (Get-AzsVmBackup -Vault $vault | Out-String -Width $_) -split '\r?\n' | ForEach-Object { $_ -replace '\e\[[\d;]*m' }
        ($lines | Measure-Object Length -Maximum).Maximum | Should-BeLessThanOrEqual $_
        $lines -join '' | Should-MatchString 'VmName'
        $lines -join '' | Should-MatchString 'Stored'
    }
}
