@{
    RootModule           = 'module/bin/AzsBackup.dll'
    # First: it sets up the load context that the root module's types are found through.
    NestedModules        = @('module/bin/AzsBackup.Loader.dll')
    FormatsToProcess     = @('module/AzsBackup.format.ps1xml')

    ModuleVersion        = '0.1.0'
    GUID                 = '02367b2c-8e4e-4cf8-9a68-80f91cb978b9'
    Author               = 'The AzsBackup authors'
    CompanyName          = 'The AzsBackup authors'
    Copyright            = 'Copyright (c) the AzsBackup authors. MIT licence.'
    Description          = 'Backup, configuration export and replication for tenants of Azure Stack Hub: VM disks in generations outside the stamp, the configuration of every resource, and VMs kept ready on another stamp or in Azure. Needs nothing but a role on your own subscription.'

    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    CmdletsToExport      = @(
        'Connect-AzsStack'
        'Get-AzsStack'
        'Test-AzsStack'
        'Disconnect-AzsStack'
        'Export-AzsResourceConfig'
        'Compare-AzsResourceConfig'
        'ConvertTo-AzsDeployment'
        'ConvertTo-AzsInventory'
        'Get-AzsResourceConfig'
        'Remove-AzsResourceConfig'
        'New-AzsBackupVault'
        'Get-AzsBackupVault'
        'Set-AzsBackupVault'
        'Test-AzsBackupVault'
        'Optimize-AzsBackupVault'
        'Add-AzsBackupVaultKey'
        'Remove-AzsBackupVaultKey'
        'Copy-AzsBackupVault'
        'Start-AzsVmBackup'
        'Get-AzsVmBackup'
        'Restore-AzsVmBackup'
        'Test-AzsVmBackup'
        'Mount-AzsVmBackup'
        'Dismount-AzsVmBackup'
        'Complete-AzsVmRestore'
        'Set-AzsVmBackup'
        'Remove-AzsVmBackup'
        'New-AzsVmBackupPolicy'
        'Get-AzsVmBackupPolicy'
        'Set-AzsVmBackupPolicy'
        'Remove-AzsVmBackupPolicy'
        'Invoke-AzsVmBackupPolicy'
        'Get-AzsVmBackupJob'
        'Register-AzsVmBackupSchedule'
        'Copy-AzsStackReplica'
        'Get-AzsStackReplica'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags = @('AzureStackHub', 'AzureStack', 'Azure', 'Backup', 'Restore', 'DisasterRecovery', 'Replication', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
        }
    }
}
