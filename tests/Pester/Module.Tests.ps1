#Requires -Version 7.4

BeforeDiscovery {
    $manifest = Join-Path (Split-Path (Split-Path $PSScriptRoot)) AzsBackup.psd1
    $commands = (Import-PowerShellDataFile $manifest).CmdletsToExport
    $parameters = @{
        'Connect-AzsStack'         = 'ArmEndpoint', 'TenantId', 'Credential', 'CertificatePath', 'AccessToken', 'UseDeviceAuthentication', 'FromAzContext', 'SubscriptionId', 'CaCertificatePath', 'Name'
        'New-AzsBackupVault'       = 'Path', 'Password', 'NoEncryption'
        'Get-AzsBackupVault'       = 'Path', 'Password', 'NoEncryption'
        'Start-AzsVmBackup'        = 'Vault', 'Stack', 'ResourceId', 'ResourceGroupName', 'Name', 'Consistency', 'IncludeDisk', 'ExcludeDisk', 'ThrottleLimit', 'AsJob', 'WhatIf', 'Confirm'
        'Get-AzsVmBackup'          = 'Vault', 'VmName'
        'Restore-AzsVmBackup'      = 'RecoveryPoint', 'Vault', 'Path', 'AsJob', 'WhatIf', 'Confirm'
        'Export-AzsResourceConfig' = 'Path', 'Vault', 'Stack', 'SubscriptionId', 'ResourceGroupName', 'AllowPartial', 'AsJob', 'WhatIf', 'Confirm'
        'Get-AzsResourceConfig'    = 'Vault', 'Id', 'Latest', 'Path'
        'Remove-AzsResourceConfig' = 'Capture', 'DelayDays', 'Undo', 'WhatIf', 'Confirm'
        'Copy-AzsStackReplica'     = 'Source', 'Destination', 'DestinationResourceGroupName', 'ResourceId', 'Name', 'AsJob', 'WhatIf', 'Confirm'
        'Get-AzsStackReplica'      = 'Stack', 'VmName'
    }
    $promises = foreach ($command in $parameters.Keys) { @{ Command = $command; Expected = $parameters[$command] } }
}

Describe 'The module' {
    BeforeAll {
        $manifest = Join-Path (Split-Path (Split-Path $PSScriptRoot)) AzsBackup.psd1
        Import-Module $manifest -Force
    }

    It 'has a valid manifest' {
        (Test-ModuleManifest $manifest).Version | Should-HaveType ([version])
    }

    It 'imports a second time with -Force and keeps its commands' {
        $before = (Get-Command -Module AzsBackup).Name
        Import-Module $manifest -Force
        (Get-Command -Module AzsBackup).Name | Should-BeCollection $before
    }

    It 'exports <_>' -ForEach $commands {
        Get-Command $_ -Module AzsBackup -CommandType Cmdlet | Should-NotBeNull
    }

    It 'exports nothing else' {
        (Get-Command -Module AzsBackup).Name | Sort-Object | Should-BeCollection ((Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object)
    }

    It 'gives <Command> the parameters scripts rely on' -ForEach $promises {
        $actual = (Get-Command $Command).Parameters.Keys
        $Expected | Where-Object { $_ -notin $actual } | Should-BeNull
    }

    It 'says what <_> emits' -ForEach ($commands | Where-Object { $_ -ne 'Disconnect-AzsStack' }) {
        (Get-Command $_).OutputType.Count | Should-BeGreaterThan 0
    }

    It 'has help for <_>: synopsis, description, every parameter, an example' -ForEach $commands {
        $help = Get-Help $_ -Full
        $help.Synopsis | Should-NotMatchString '^\s*\S+-Azs\S+ [\[-]'
        $help.description | Should-NotBeNull
        $help.examples.example | Should-NotBeNull
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        foreach ($name in (Get-Command $_).Parameters.Keys | Where-Object { $_ -notin $common }) {
            (Get-Help $_ -Parameter $name).description.Text -join ' ' | Should-NotBeEmptyString -Because "-$name needs a description"
        }
    }
}
