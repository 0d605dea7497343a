#Requires -Version 7.4

Describe 'Connect-, Get- and Disconnect-AzsStack' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot EmulatedStack.psm1) -Force
        Import-Module (Get-ModuleManifestPath)
        $entra = Start-EmulatedStack
        $adfs = Start-EmulatedStack -Identity adfs -Empty
    }

    AfterAll {
        Get-AzsStack | Disconnect-AzsStack
        Stop-EmulatedStack
    }

    It 'signs in through Entra ID' {
        $connection = Connect-EmulatedStack $entra -Name entra
        $connection.Identity | Should-Be 'Entra'
        $connection.SubscriptionId | Should-Be $entra.subscriptionId
        $connection.IsDefault | Should-BeTrue
    }

    It 'signs in through AD FS, and the newest connection is the default' {
        $connection = Connect-EmulatedStack $adfs -Name adfs
        $connection.Identity | Should-Be 'Adfs'
        (Get-AzsStack | Where-Object IsDefault).Name | Should-Be 'adfs'
    }

    It 'takes the ready token of another sign-in' {
        $token = Invoke-RestMethod "$($entra.armEndpoint)$($entra.tenantId)/oauth2/v2.0/token" -Method Post -SkipCertificateCheck -Body @{
            grant_type = 'client_credentials'; client_id = $entra.clientId; client_secret = $entra.clientSecret
            scope      = (Invoke-RestMethod "$($entra.armEndpoint)metadata/endpoints?api-version=2015-01-01" -SkipCertificateCheck).authentication.audiences[0] + '/.default'
        }
        $secret = ConvertTo-SecureString $token.access_token -AsPlainText -Force
        $connection = Connect-AzsStack $entra.armEndpoint -AccessToken $secret -CaCertificatePath $entra.caCertificatePath -Name token
        $connection.SubscriptionId | Should-Be $entra.subscriptionId
    }

    It 'says what the stack can do, and what is missing' {
        $rows = Test-AzsStack -Stack entra -Probe
        $rows | Where-Object Status -ne Ready | Should-BeNull
        ($rows | Where-Object Probe -eq 'Change reports').Detail | Should-BeLikeString '*ranges*'
        ($rows | Format-Table | Out-String) | Should-BeLikeString '*Role: Start-AzsVmBackup*'
    }

    It 'refuses a wrong secret, and says what to do' {
        $wrong = [pscredential]::new($entra.clientId, (ConvertTo-SecureString 'wrong' -AsPlainText -Force))
        $failure = { Connect-AzsStack $entra.armEndpoint -TenantId $entra.tenantId -Credential $wrong -CaCertificatePath $entra.caCertificatePath } | Should-Throw
        $failure.CategoryInfo.Category | Should-Be 'AuthenticationError'
        $failure.ErrorDetails.Message | Should-MatchString 'secret'
    }

    It 'refuses a certificate nobody trusts' {
        $failure = { Connect-AzsStack $entra.armEndpoint -TenantId $entra.tenantId -Credential $entra.Credential } | Should-Throw
        $failure.FullyQualifiedErrorId | Should-MatchString 'Certificate'
    }

    It 'says so when nobody answers' {
        { Connect-AzsStack https://127.0.0.1:9/ -TenantId $entra.tenantId -Credential $entra.Credential } | Should-Throw -ExceptionMessage '*127.0.0.1:9*'
    }

    It 'shows a table that fits <_> columns' -ForEach 80, 120 {
        $lines = (Get-AzsStack | Out-String -Width $_) -split '\r?\n'
        ($lines | ForEach-Object { $_ -replace '\e\[[\d;]*m' } | Measure-Object Length -Maximum).Maximum | Should-BeLessThanOrEqual $_
        $lines -join '' | Should-MatchString 'Identity'
    }

    It 'forgets a connection' {
        Disconnect-AzsStack token
        (Get-AzsStack).Name | Should-NotContainCollection 'token'
    }
}
