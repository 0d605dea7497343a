#Requires -Version 7.4

Describe 'Add- and Remove-AzsBackupVaultKey, Copy-AzsBackupVault' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot EmulatedStack.psm1) -Force
        Import-Module (Get-ModuleManifestPath)
        $password = ConvertTo-SecureString 'correct horse' -AsPlainText -Force
        $second = ConvertTo-SecureString 'battery staple' -AsPlainText -Force
        $path = Join-Path $TestDrive vault
        $vault = New-AzsBackupVault $path -Password $password
    }

    It 'opens with each of two passphrases, and with one when the other is removed' {
        $added = $vault | Add-AzsBackupVaultKey -Password $second
        $added.Kind | Should-Be 'passphrase'
        (Get-AzsBackupVault $path -Password $second).Id | Should-Be $vault.Id
        Remove-AzsBackupVaultKey -Vault $vault -Id $added.Id -Confirm:$false
        $failure = { Get-AzsBackupVault $path -Password $second } | Should-Throw
        $failure.FullyQualifiedErrorId | Should-MatchString '^VaultWrongPassword'
    }

    It 'opens with the recovery key in the file it wrote' {
        $sheet = Join-Path $TestDrive sheet.txt
        $vault | Add-AzsBackupVaultKey -RecoveryKeyPath $sheet | ForEach-Object Kind | Should-Be 'recovery'
        (Get-AzsBackupVault $path -RecoveryKeyPath $sheet).Id | Should-Be $vault.Id
        $key = ConvertTo-SecureString ((Get-Content $sheet | Where-Object { $_ -cmatch '^([0-9A-Z]{5}-){6}' }) -join ' ') -AsPlainText -Force
        (Get-AzsBackupVault $path -RecoveryKey $key).Id | Should-Be $vault.Id
    }

    It 'makes a copy that the same password opens' {
        $copy = Join-Path $TestDrive copy
        $vault | Copy-AzsBackupVault $copy | Should-BeNull
        (Get-AzsBackupVault $copy -Password $password).Id | Should-Be $vault.Id
    }
}
