using System.Management.Automation;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Policies;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Input;

/// <summary>How a policy makes guests quiet: its scripts are files on the machine that runs it, read anew for each run.</summary>
internal static class PolicyScript
{
    /// <summary>Makes what the engine takes.</summary>
    /// <exception cref="AzsException"><c>PolicyScriptUnreadable</c>.</exception>
    public static IQuiescence Quiesce(VmBackupPolicy policy, IStack stack, IRunLog log) => QuiescenceChoice.From(
        policy.Consistency,
        Read(policy.PreSnapshotPath),
        Read(policy.PostSnapshotPath),
        TimeSpan.FromSeconds(policy.QuiesceLimitSeconds),
        _ => null).Make(stack, log);

    private static ScriptBlock? Read(string? path)
    {
        if (path is null) return null;
        try
        {
            return ScriptBlock.Create(File.ReadAllText(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or RuntimeException)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput,
                "PolicyScriptUnreadable",
                $"The script '{path}' can't be used: {failure.Message}",
                "Put it there, on the machine that runs the policy, and let the account that runs it read it.",
                path,
                failure);
        }
    }
}
