# Runs the backup policies of a vault that are due. Written by Register-AzsVmBackupSchedule for a scheduler to start.
# It holds no secret: it reads them from the files named here, which nobody but the account that runs it should read.
# Exit code: 0 all is well, 1 something failed or was missed, 2 it could not begin.

$armEndpoint = {{armEndpoint}}
$tenantId = {{tenantId}}
$clientId = {{clientId}}
$certificatePath = {{certificatePath}}
$clientSecretPath = {{clientSecretPath}}
$accessTokenPath = {{accessTokenPath}}
$caCertificatePath = {{caCertificatePath}}
$vaultPath = {{vaultPath}}
$containerUriPath = {{containerUriPath}}
$vaultPasswordPath = {{vaultPasswordPath}}
$vaultCertificatePath = {{vaultCertificatePath}}
$shardCount = {{shardCount}}

$ErrorActionPreference = 'Stop'

function Read-Secret([string] $Path) {
    $bytes = [System.IO.File]::ReadAllBytes($Path)
    $letters = [System.Text.Encoding]::UTF8.GetChars($bytes)
    $secret = [securestring]::new()
    foreach ($letter in $letters) { if ($letter -notin "`r", "`n") { $secret.AppendChar($letter) } }
    [array]::Clear($bytes, 0, $bytes.Length)
    [array]::Clear($letters, 0, $letters.Length)
    $secret.MakeReadOnly()
    $secret
}

$bad = $false
try {
    Import-Module {{module}}

    $connection = @{ ArmEndpoint = $armEndpoint }
    if ($tenantId) { $connection.TenantId = $tenantId }
    if ($caCertificatePath) { $connection.CaCertificatePath = $caCertificatePath }
    if ($certificatePath) { $connection.ClientId = $clientId; $connection.CertificatePath = $certificatePath }
    elseif ($clientSecretPath) { $connection.Credential = [pscredential]::new($clientId, (Read-Secret $clientSecretPath)) }
    else { $connection.AccessToken = Read-Secret $accessTokenPath }
    $null = Connect-AzsStack @connection

    $place = $containerUriPath ? @{ ContainerUri = [System.IO.File]::ReadAllText($containerUriPath).Trim() } : @{ Path = $vaultPath }
    if ($vaultCertificatePath) { $place.CertificatePath = $vaultCertificatePath }
    elseif ($vaultPasswordPath) { $place.Password = Read-Secret $vaultPasswordPath }
    else { $place.NoEncryption = $true }
    $vault = Get-AzsBackupVault @place

    $share = @{}
    if ($shardCount -gt 1) { $share.Shard = "$([int]$env:JOB_COMPLETION_INDEX + 1)/$shardCount" }
    Invoke-AzsVmBackupPolicy -Vault $vault -LogEvent @share -ErrorVariable failures -ErrorAction Continue -OutVariable jobs
    $bad = $failures.Count -gt 0 -or $jobs.State -contains 'Failed' -or $jobs.State -contains 'Missed'
}
catch {
    [System.Console]::Error.WriteLine("$_")
    exit 2
}

exit ($bad ? 1 : 0)
