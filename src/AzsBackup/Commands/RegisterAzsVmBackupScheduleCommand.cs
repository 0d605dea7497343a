using System.Management.Automation;
using AzsBackup.Engine.Policies.Scheduling;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Writes the files with which a scheduler runs a vault's policies.</summary>
[Cmdlet(VerbsLifecycle.Register, "AzsVmBackupSchedule", DefaultParameterSetName = Generated, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsVmBackupSchedule))]
public sealed class RegisterAzsVmBackupScheduleCommand : AsyncCmdlet
{
    private const string Generated = "Generated";
    private const string Own = "Own";

    private string _folder = "";
    private StartScriptSettings? _settings;

    [Parameter(Mandatory = true, HelpMessage = "Whom the files are for: TaskScheduler, Cron, Systemd or Kubernetes.")]
    public AzsScheduleFormat As { get; set; }

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The folder that the files are written to.")]
    public string Path { get; set; } = "";

    [Parameter(ParameterSetName = Own, Mandatory = true, HelpMessage = "A script of your own that the scheduler starts, by its path there; none is written.")]
    public string ScriptPath { get; set; } = "";

    [Parameter(ParameterSetName = Generated, Mandatory = true, HelpMessage = "The vault whose policies are run.")]
    public AzsBackupVault? Vault { get; set; }

    [Parameter(ParameterSetName = Generated, HelpMessage = "The stack to connect with: a connection or its name; the default one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(ParameterSetName = Generated, HelpMessage = "The application id to sign in with.")]
    public string? ClientId { get; set; }

    [Parameter(ParameterSetName = Generated, HelpMessage = "A file with the application's certificate and private key, by its path where the schedule runs.")]
    public string? CertificatePath { get; set; }

    [Parameter(ParameterSetName = Generated, HelpMessage = "A file that holds the application's secret, by its path where the schedule runs.")]
    public string? ClientSecretPath { get; set; }

    [Parameter(ParameterSetName = Generated, HelpMessage = "A file that holds a token which something else keeps fresh, by its path where the schedule runs.")]
    public string? AccessTokenPath { get; set; }

    [Parameter(ParameterSetName = Generated, HelpMessage = "A file of certificates to trust besides the system's, by its path where the schedule runs.")]
    public string? CaCertificatePath { get; set; }

    [Parameter(ParameterSetName = Generated, HelpMessage = "A file that holds the URI of the vault's container with its SAS, by its path where the schedule runs.")]
    public string? ContainerUriPath { get; set; }

    [Parameter(ParameterSetName = Generated, HelpMessage = "A file that holds the vault's passphrase, by its path where the schedule runs.")]
    public string? VaultPasswordPath { get; set; }

    [Parameter(ParameterSetName = Generated, HelpMessage = "A file with a certificate and private key that open the vault, by its path where the schedule runs.")]
    public string? VaultCertificatePath { get; set; }

    [Parameter(ParameterSetName = Generated, HelpMessage = "The module, by name or by the path of its manifest where the schedule runs.")]
    public string Module { get; set; } = "AzsBackup";

    [Parameter(HelpMessage = "What to call the task, the unit or the job: letters a to z, digits and hyphens.")]
    public string Name { get; set; } = "azsbackup";

    [Parameter(HelpMessage = "How often it is looked what is due, in minutes.")]
    public int IntervalMinutes { get; set; } = 15;

    [Parameter(HelpMessage = "For Kubernetes: the image, with PowerShell and this module.")]
    public string? Image { get; set; }

    [Parameter(HelpMessage = "For Kubernetes: among how many workers the virtual machines are dealt out.")]
    public int ShardCount { get; set; } = 1;

    [Parameter(HelpMessage = "Overwrite files that are there.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _folder = SessionPath.Resolve(this, Path);
        if (ParameterSetName == Own) return;
        var connection = StackSessions.OfProcess.Resolve(Stack).Connection;
        var signsIn = AccessTokenPath is not null || (ClientId is not null && (CertificatePath is not null || ClientSecretPath is not null));
        if (!signsIn) throw Missing("Nothing says how the script signs in.", "Give -ClientId with -CertificatePath or -ClientSecretPath, or -AccessTokenPath.");
        if (Vault!.Encrypted && VaultPasswordPath is null && VaultCertificatePath is null) throw Missing("Nothing says how the script opens the vault.", "Give -VaultPasswordPath or -VaultCertificatePath.");
        var isContainer = Vault.Path.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || Vault.Path.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        if (isContainer && ContainerUriPath is null) throw Missing("The vault is a container, and nothing says where its SAS is.", "Put the container's URI with its SAS into a file, and name that with -ContainerUriPath.");
        _settings = new StartScriptSettings
        {
            ArmEndpoint = connection.ArmEndpoint.ToString(),
            TenantId = connection.Identity == AzsIdentityProvider.Adfs ? null : connection.TenantId,
            ClientId = ClientId,
            CertificatePath = CertificatePath,
            ClientSecretPath = ClientSecretPath,
            AccessTokenPath = AccessTokenPath,
            CaCertificatePath = CaCertificatePath,
            VaultPath = isContainer ? null : Vault.Path,
            ContainerUriPath = ContainerUriPath,
            VaultPasswordPath = VaultPasswordPath,
            VaultCertificatePath = VaultCertificatePath,
            Module = Module,
            ShardCount = ShardCount,
        };
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var script = _settings is null ? ScriptPath : System.IO.Path.Combine(_folder, $"{Name}.ps1");
        var request = new ScheduleRequest
        {
            Format = As,
            Name = Name,
            IntervalMinutes = IntervalMinutes,
            ScriptPath = script,
            Script = _settings is null ? null : ScheduleWriter.Script(_settings),
            Image = Image,
            ShardCount = ShardCount,
            VaultMount = As == AzsScheduleFormat.Kubernetes ? _settings?.VaultPath : null,
        };
        var (files, install) = ScheduleWriter.Write(request);
        if (!await output.ShouldProcessAsync(_folder, $"Write {string.Join(", ", files.Select(file => file.Name))}", cancellationToken).ConfigureAwait(false)) return;
        var written = await WriteAsync(files, cancellationToken).ConfigureAwait(false);
        var schedule = new AzsVmBackupSchedule { Format = As, Files = written, Script = script, IntervalMinutes = IntervalMinutes, Install = install };
        await output.WriteAsync(schedule, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<ScheduleFile> files, CancellationToken cancellationToken)
    {
        var paths = files.Select(file => System.IO.Path.Combine(_folder, file.Name)).ToList();
        try
        {
            if (!Force && paths.Find(File.Exists) is { } there) throw new AzsException(AzsErrorKind.AlreadyExists, "ScheduleFileExists", $"'{there}' exists already.", "Give -Force to overwrite it, or another -Name or -Path.", there);
            Directory.CreateDirectory(_folder);
            for (var index = 0; index < files.Count; index++) await File.WriteAllTextAsync(paths[index], files[index].Content, files[index].Encoding, cancellationToken).ConfigureAwait(false);
            return paths;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AzsException(AzsErrorKind.StorageFailed, "ScheduleNotWritten", $"The schedule can't be written to '{_folder}': {failure.Message}", "Choose a folder that you may write to.", _folder, failure);
        }
    }

    private static AzsException Missing(string message, string nextStep) => new(AzsErrorKind.InvalidInput, "ScheduleIncomplete", message, nextStep);
}
