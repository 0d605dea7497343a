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
