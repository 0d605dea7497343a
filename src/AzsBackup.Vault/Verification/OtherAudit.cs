using AzsBackup.Vault.Format;
using AzsBackup.Vault.Jobs;
using AzsBackup.Vault.Keys;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Runs;
using AzsBackup.Vault.Settings;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Verification;

/// <summary>Looks at all that is neither a chunk nor part of a point: damage to it hurts no point, but somebody's next run, or a way in.</summary>
internal sealed class OtherAudit(VaultAccess access, ObjectProbe probe)
{
    private const int MaximumSlotLength = 64 << 10;

    private readonly List<DamagedObject> _damaged = [];

    public IReadOnlyList<DamagedObject> Damaged => _damaged;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await LookAsync(ObjectNames.Vault, VaultDescription.MaximumLength, stored => ExamineDescription(stored.Memory), cancellationToken).ConfigureAwait(false);
        var retention = new SortedSet<int>();
        var settings = new SortedDictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        foreach (string prefix in new[]
        {
            ObjectNames.Keys, ObjectNames.Sessions, ObjectNames.CondemnedLists, MaintenanceNames.Barred, MaintenanceNames.Clocks,
            MaintenanceNames.VaultMarks, MaintenanceNames.Verified, ObjectNames.Job(""), RecordNames.Settings, RunNames.Runs,
        })
        {
            await foreach (var stored in access.Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                if (prefix == MaintenanceNames.VaultMarks && MaintenanceNames.TryParseMark(stored.Name[prefix.Length..], out int number))
                    retention.Add(number);
                else if (RecordNames.TryParseSetting(stored.Name, out string folder, out number))
                    (settings.TryGetValue(folder, out var numbers) ? numbers : settings[folder] = []).Add(number);
                else
                    await LookAsync(stored.Name, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (int number in MarkNumbers.WithGaps(retention))
            await LookAsync(ObjectRole.Mark, MaintenanceNames.Mark(MaintenanceNames.VaultMarks, number), MarkDocument.Examine, cancellationToken).ConfigureAwait(false);
        foreach (var (folder, numbers) in settings)
        {
            foreach (int number in MarkNumbers.WithGaps(numbers))
                await LookAsync(ObjectRole.Setting, RecordNames.Setting(folder, number), SettingDocument.Examine, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task LookAsync(ObjectRole role, string name, Func<ReadOnlyMemory<byte>, string?> examine, CancellationToken cancellationToken) =>
        LookAsync(name, ObjectSealer.MaximumContent + ObjectSealer.Overhead, stored => probe.Examine(role, name, stored, examine), cancellationToken);

    private async Task LookAsync(string name, CancellationToken cancellationToken)
    {
        if (name.StartsWith(ObjectNames.Keys, StringComparison.Ordinal))
        {
            await LookAsync(name, MaximumSlotLength, stored => ExamineSlot(name, stored.Memory), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (ExaminerOf(name) is not var (role, examine))
            return;
        var finding = await probe.LookAsync(role, name, content => examine(content) ? null : "its content is not what belongs there.", cancellationToken).ConfigureAwait(false);

        // These come and go: one that is gone was deleted since the listing.
        if (finding is not null and not { Kind: VaultDamageKind.Missing })
            _damaged.Add(new DamagedObject(name, finding, false, IsRight: null));
    }

    /// <summary>Looks at an object that a copy of the vault has as well.</summary>
    private async Task LookAsync(string name, int maximumLength, Func<PooledBuffer, Finding?> examine, CancellationToken cancellationToken)
    {
        var finding = await probe.LookAsync(name, maximumLength, examine, cancellationToken).ConfigureAwait(false);
        if (finding is not null)
            _damaged.Add(new DamagedObject(name, finding, false, stored => examine(stored) is null));
    }

    /// <summary>What belongs into an object of this name; <see langword="null"/> for a name this version does not know.</summary>
    private (ObjectRole Role, Func<ReadOnlyMemory<byte>, bool> Examine)? ExaminerOf(string name)
    {
        if (RunNames.TryParse(name, out _, out string part))
            return ExaminerOfRun(part) is { } examine ? (ObjectRole.Run, examine) : null;
        if (ObjectNames.TryParseId(ObjectNames.Sessions, name, out _, out string more))
            return (ObjectRole.Session, content => more == "end" ? SessionCensus.IsEnd(content.Span) : !content.IsEmpty);
        if (ObjectNames.TryParseId(ObjectNames.CondemnedLists, name, out _, out more))
        {
            return (ObjectRole.Condemned, content => more switch
            {
                "" => CondemnedList.Read(content.Span) is not null,
                "waits" => WaitsDocument.TryRead(content.Span) is not null,
                _ => content.IsEmpty || content.Span.SequenceEqual("spare"u8),
            });
        }

        if (ObjectNames.TryParseId(MaintenanceNames.Barred, name, out _, out more) && more.Length == 0)
            return (ObjectRole.Condemned, content => CondemnedList.Read(content.Span) is not null);
        if (MaintenanceNames.TryParseClock(name, out _))
            return (ObjectRole.Clock, content => ClockDocument.TryRead(content.Span) is not null);
        if (MaintenanceNames.IsVerifiedChunks(name))
            return (ObjectRole.Verified, content => VerifiedDocuments.ReadChunks(content.Span) is not null);
        if (MaintenanceNames.IsVerifiedPoints(name))
            return (ObjectRole.Verified, content => VerifiedDocuments.ReadPoints(content.Span) is not null);
        if (RecordNames.TryParseJob(name, out _, out _, out _))
            return (ObjectRole.Job, content => JobDocument.TryRead(content.Span) is not null);
        return ObjectNames.TryParseId(ObjectNames.Job(""), name, out _, out more) && more.Length == 0
            ? (ObjectRole.Job, content => content.IsEmpty)
            : null;
    }

    private Func<ReadOnlyMemory<byte>, bool>? ExaminerOfRun(string part)
    {
        if (RunNames.TryParseTurn(part, out _))
            return content => TurnDocument.TryRead(content.Span) is not null;
        if (RunNames.TryParseNote(part, out _, out _))
            return content => RunNote.TryRead(content.Span) is not null;
        return RunNames.TryParseProgress(part, out _, out _) ? content => ProgressPage.Read(content.Span, access.Info.ChunkSize) is not null : null;
    }

    private Finding? ExamineDescription(ReadOnlyMemory<byte> json)
    {
        // Its exceptions are of damage, and the probe takes them for that.
        var description = VaultDescription.Read(json, access.Info.Location);
        string check = Convert.ToHexString(access.Keys.Check(description.CheckedLines())).ToLowerInvariant();
        return check == description.Check && description.Id == access.Info.Id.ToString("D")
            ? null
            : new Finding(VaultDamageKind.Damaged, "'vault.json' is damaged: its check does not fit.");
    }

    private static Finding? ExamineSlot(string name, ReadOnlyMemory<byte> json)
    {
        if (!ObjectNames.IsKey(name))
            return null;
        if (KeySlot.Read(json) is { } slot)
            return ObjectNames.Key(slot.Id) == name ? null : new Finding(VaultDamageKind.WrongContent, $"'{name}' holds the slot '{slot.Id}'.");
        return SlotKinds.IsOfAnotherVersion(json) ? null : new Finding(VaultDamageKind.Damaged, $"'{name}' is damaged: it is no key slot.");
    }
}
