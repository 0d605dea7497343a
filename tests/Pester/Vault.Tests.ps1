#Requires -Version 7.4

Describe 'New- and Get-AzsBackupVault' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot EmulatedStack.psm1) -Force
        Import-Module (Get-ModuleManifestPath)
        $password = ConvertTo-SecureString 'correct horse' -AsPlainText -Force
        $path = Join-Path $TestDrive vault
        $vault = New-AzsBackupVault $path -Password $password
    }

    It 'makes an encrypted vault' {
        $vault.Encrypted | Should-BeTrue
        $vault.Path | Should-Be $path
    }

    It 'opens it with the right password' {
        (Get-AzsBackupVault $path -Password $password).Id | Should-Be $vault.Id
    }

    It 'refuses a wrong password' {
        $wrong = ConvertTo-SecureString 'wrong horse' -AsPlainText -Force
        $failure = { Get-AzsBackupVault $path -Password $wrong } | Should-Throw
        $failure.FullyQualifiedErrorId | Should-MatchString '^VaultWrongPassword'
        $failure.CategoryInfo.Category | Should-Be 'AuthenticationError'
    }

    It 'refuses to make a second vault in its place' {
        $failure = { New-AzsBackupVault $path -Password $password } | Should-Throw
        $failure.CategoryInfo.Category | Should-Be 'ResourceExists'
    }

    It 'refuses a path that is a file, and leaves the file alone' {
        $file = Join-Path $TestDrive file
        Set-Content $file 'precious'
        { New-AzsBackupVault $file -Password $password } | Should-Throw -ExceptionMessage "*$file*"
        Get-Content $file | Should-Be 'precious'
    }

    It 'makes one without encryption only when asked to' {
        (New-AzsBackupVault (Join-Path $TestDrive plain) -NoEncryption).Encrypted | Should-BeFalse
    }

    It 'does nothing with -WhatIf' {
        New-AzsBackupVault (Join-Path $TestDrive nothing) -Password $password -WhatIf | Should-BeNull
        Test-Path (Join-Path $TestDrive nothing) | Should-BeFalse
    }
}

Describe 'Looking after a vault' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot EmulatedStack.psm1) -Force
        Import-Module (Get-ModuleManifestPath)
        $stack = Start-EmulatedStack
        $null = Connect-EmulatedStack $stack -Name maintenance
        $password = ConvertTo-SecureString 'correct horse' -AsPlainText -Force
        $path = Join-Path $TestDrive vault
        $vault = New-AzsBackupVault $path -Password $password
        $point = Start-AzsVmBackup -Vault $vault -ResourceGroupName contoso-app -Name app-web-1
    }

    AfterAll {
        Get-AzsStack | Disconnect-AzsStack
        Stop-EmulatedStack
    }

    It 'verifies it and remembers' {
        (Test-AzsBackupVault $vault).Healthy | Should-BeTrue
        (Get-AzsVmBackup -Vault $vault).LastVerified | Should-NotBeNull
    }

    It 'names a damaged chunk, whom it hurts, and sets $?' {
        $file = (Get-ChildItem (Join-Path $path chunks) -Recurse -File)[0].FullName
        $copy = Join-Path $TestDrive copy
        Copy-Item $path $copy -Recurse
        $bytes = [IO.File]::ReadAllBytes($file)
        $bytes[50] = $bytes[50] -bxor 1
        [IO.File]::WriteAllBytes($file, $bytes)
        $found = Test-AzsBackupVault $vault -ErrorVariable failures -ErrorAction SilentlyContinue
        $found[0].RecoveryPoints | Should-Be $point.Id
        $found[-1].Healthy | Should-BeFalse
        $failures[0].FullyQualifiedErrorId | Should-MatchString '^VaultDamageFound'
        $mended = Test-AzsBackupVault $vault -Repair -From (Get-AzsBackupVault $copy -Password $password)
        $mended[-1].Healthy | Should-BeTrue
    }

    It 'proves a point and says so from then on' {
        $proof = $point | Test-AzsVmBackup
        $proof.Passed | Should-BeTrue
        $proof.Sealed | Should-BeTrue
        (Get-AzsVmBackup -Vault $vault).LastProven | Should-Be $proof.StartedAt
        (Get-AzsVmBackup -Vault $vault).LastProofLevel | Should-Be 'Structure'
    }

    It 'serves its disks until they are dismounted' {
        $mounts = $point | Mount-AzsVmBackup
        $mounts.Count | Should-Be $point.Disks.Count
        $mounts[0].Uri.Scheme | Should-Be 'nbd'
        $socket = [Net.Sockets.TcpClient]::new('127.0.0.1', $mounts[0].Uri.Port)
        $socket.Connected | Should-BeTrue
        $socket.Dispose()
        Dismount-AzsVmBackup -All
        { [Net.Sockets.TcpClient]::new('127.0.0.1', $mounts[0].Uri.Port) } | Should-Throw
    }

    It 'removes a point in two steps, of which the first can be undone' {
        ($point | Remove-AzsVmBackup -Confirm:$false).State | Should-Be 'PendingRemoval'
        ($point | Remove-AzsVmBackup -Undo -Confirm:$false).State | Should-Be 'Available'
        (Optimize-AzsBackupVault $vault).PointsRemoved | Should-Be 0
        $null = $point | Remove-AzsVmBackup -DelayDays 0 -Confirm:$false
        (Optimize-AzsBackupVault $vault -GracePeriodDays 0).PointsRemoved | Should-Be 1
        Get-AzsVmBackup -Vault $vault | Should-BeNull
    }
}
