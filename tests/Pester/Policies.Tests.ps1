#Requires -Version 7.4

Describe 'Policies and their schedules' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot EmulatedStack.psm1) -Force
        Import-Module (Get-ModuleManifestPath)
        $stack = Start-EmulatedStack
        $null = Connect-EmulatedStack $stack -Name policies
        $vaultPath = Join-Path $TestDrive vault
        $vault = New-AzsBackupVault $vaultPath -Password (ConvertTo-SecureString 'correct horse' -AsPlainText -Force)
        [System.IO.File]::WriteAllText((Join-Path $TestDrive secret), "$($stack.clientSecret)`n")
        [System.IO.File]::WriteAllText((Join-Path $TestDrive password), "correct horse`n")
        $pwsh = [System.Environment]::ProcessPath
    }

    AfterAll {
        Get-AzsStack | Disconnect-AzsStack
        Stop-EmulatedStack
    }

    It 'makes, shows, changes and removes a policy' {
        $policy = New-AzsVmBackupPolicy Weekly -Vault $vault -Tag @{ env = 'prod' } -At 03:00 -DayOfWeek Sunday -TimeZone America/New_York -KeepWeekly 8
        "$($policy.State)" | Should-Be 'Healthy'
        $policy.Schedule | Should-Be 'Sunday at 03:00 (America/New_York)'
        ($policy | Set-AzsVmBackupPolicy -KeepWeekly 9).KeepWeekly | Should-Be 9
        $policy | Remove-AzsVmBackupPolicy
        Get-AzsVmBackupPolicy -Vault $vault | Should-BeNull
    }

    Context 'the script that a scheduler starts' {
        BeforeAll {
            $null = New-AzsVmBackupPolicy Hourly -Vault $vault -VmName app-web-1 -EveryHours 1 -TimeZone UTC -KeepLast 2 -IncludeDisk 0
            $schedule = Register-AzsVmBackupSchedule (Join-Path $TestDrive schedule) -As Cron -Vault $vault -ClientId $stack.clientId `
                -ClientSecretPath (Join-Path $TestDrive secret) -CaCertificatePath $stack.caCertificatePath `
                -VaultPasswordPath (Join-Path $TestDrive password) -Module (Get-ModuleManifestPath)
        }

        It 'ends with 0 when nothing is due' {
            & $pwsh -NoProfile -NonInteractive -File $schedule.Script *> (Join-Path $TestDrive idle.log)
            $LASTEXITCODE | Should-Be 0
        }

        It 'ends with 1 when something failed, and the failure is in the history' {
            $null = Set-AzsVmBackupPolicy Hourly -Vault $vault -IncludeDisk none
            Invoke-AzsVmBackupPolicy Hourly -Vault $vault -Force -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object State | Should-Be 'Failed'
            $failures.Count | Should-Be 1
            (Get-AzsVmBackupPolicy Hourly -Vault $vault).State | Should-Be 'Failed'
            (Get-AzsVmBackupJob -Vault $vault -State Failed).ErrorId | Should-ContainCollection @('NoDiskLeft')

            # The same, by the script: run at once, whatever the time.
            $forced = [System.IO.File]::ReadAllText($schedule.Script).Replace('Invoke-AzsVmBackupPolicy -Vault $vault -LogEvent', 'Invoke-AzsVmBackupPolicy Hourly -Force -Vault $vault')
            $script = Join-Path $TestDrive forced.ps1
            [System.IO.File]::WriteAllText($script, $forced)
            & $pwsh -NoProfile -NonInteractive -File $script *> (Join-Path $TestDrive failed.log)
            $LASTEXITCODE | Should-Be 1
            $null = Set-AzsVmBackupPolicy Hourly -Vault $vault -IncludeDisk 0
            & $pwsh -NoProfile -NonInteractive -File $script *> (Join-Path $TestDrive done.log)
            $LASTEXITCODE | Should-Be 0
        }

        It 'ends with 2 when it cannot begin' {
            Move-Item (Join-Path $TestDrive password) (Join-Path $TestDrive hidden)
            & $pwsh -NoProfile -NonInteractive -File $schedule.Script *> (Join-Path $TestDrive broken.log)
            $LASTEXITCODE | Should-Be 2
            Move-Item (Join-Path $TestDrive hidden) (Join-Path $TestDrive password)
        }

        It 'holds no secret' {
            $text = [System.IO.File]::ReadAllText($schedule.Script)
            $text.Contains($stack.clientSecret) | Should-BeFalse
            $text.Contains('correct horse') | Should-BeFalse
        }
    }
}
