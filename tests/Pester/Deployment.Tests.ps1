#Requires -Version 7.4

Describe 'ConvertTo-AzsDeployment' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot EmulatedStack.psm1) -Force
        Import-Module (Get-ModuleManifestPath)
        $stack = Start-EmulatedStack
        $null = Connect-EmulatedStack $stack -Name deployment
        $capture = Join-Path $TestDrive capture
        $null = Export-AzsResourceConfig $capture
    }

    AfterAll {
        Get-AzsStack | Disconnect-AzsStack
        Stop-EmulatedStack
    }

    It 'writes templates that name no subscription' {
        $files = ConvertTo-AzsDeployment $capture (Join-Path $TestDrive one)
        $files[0].ResourceGroupName | Should-BeNull
        $files.ResourceGroupName | Should-ContainCollection 'contoso-app'
        foreach ($file in $files) { Get-Content $file.File -Raw | Should-NotMatchString $stack.subscriptionId }
    }

    It 'gives the same bytes again' {
        $one = ConvertTo-AzsDeployment $capture (Join-Path $TestDrive one) | Get-FileHash -LiteralPath { $_.File }
        $two = ConvertTo-AzsDeployment $capture (Join-Path $TestDrive two) | Get-FileHash -LiteralPath { $_.File }
        $two.Hash | Should-BeCollection $one.Hash
    }

    It 'says what is not in it' {
        $null = ConvertTo-AzsDeployment $capture (Join-Path $TestDrive one)
        $manifest = Get-Content (Join-Path $TestDrive one deployment.json) -Raw | ConvertFrom-Json
        $manifest.leftOut.kind | Should-ContainCollection 'MadeWithAnother'
    }
}
