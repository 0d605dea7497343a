using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Engine.Capture;

public sealed class CaptureMergeTests
{
    private const string Group = "/subscriptions/s1/resourceGroups/app";
    private const string VmType = "Microsoft.Compute/virtualMachines";

    [Fact]
    public void Merge_ResourceNoLongerListed_ItsFileIsGone()
    {
        var (entries, gone) = Merge([Vm("web-1")], [Vm("web-1"), Vm("web-2")]);

        Assert.Equal([Id("web-1")], entries.Select(entry => entry.Id));
        Assert.Equal(["web-2.json"], gone);
    }

    [Fact]
    public void Merge_ResourceThatCouldNotBeRead_KeepsItsEarlierRecord()
    {
        var failed = Vm("web-1") with { File = null, Status = AzsCaptureStatus.Failed, Reason = "500." };

        var (entries, gone) = Merge([failed], [Vm("web-1")]);

        Assert.Equal("web-1.json", Assert.Single(entries).File);
        Assert.Contains("earlier", entries[0].Reason, StringComparison.Ordinal);
        Assert.Empty(gone);
    }

    [Fact]
    public void Merge_TypeWhoseListingWasRefused_ForgetsNothingOfThatType()
    {
        var refused = new CaptureEntry
        {
            Id = $"{Group}/providers/{VmType}",
            Type = VmType,
            Status = AzsCaptureStatus.Failed,
            Reason = "403.",
        };

        var (entries, gone) = Merge([refused], [Vm("web-1")]);

        Assert.Contains(entries, entry => entry.Id == Id("web-1"));
        Assert.Empty(gone);
    }

    [Fact]
    public void Merge_ParentWhoseChildrenCouldNotBeListed_KeepsTheirRecords()
    {
        var child = new CaptureEntry
        {
            Id = Id("web-1") + "/extensions/e",
            Type = VmType + "/extensions",
            Status = AzsCaptureStatus.Captured,
            File = "e.json",
        };

        var (entries, gone) = Merge([Vm("web-1") with { Status = AzsCaptureStatus.Partial }], [Vm("web-1"), child]);

        Assert.Contains(child, entries);
        Assert.Empty(gone);
    }

    [Fact]
    public void Merge_WhatLiesOutsideTheScope_StaysAsItWas()
    {
        var other = Vm("web-1") with { Id = "/subscriptions/s1/resourceGroups/app2/providers/Microsoft.Compute/disks/d", File = "d.json" };

        var (entries, gone) = Merge([], [other]);

        Assert.Equal([other], entries);
        Assert.Empty(gone);
    }

    private static (IReadOnlyList<CaptureEntry> Entries, IReadOnlyList<string> GoneFiles) Merge(CaptureEntry[] found, CaptureEntry[] earlier) =>
        CaptureMerge.Merge([ResourceId.Parse(Group)], found, earlier);

    private static string Id(string name) => $"{Group}/providers/{VmType}/{name}";

    private static CaptureEntry Vm(string name) => new()
    {
        Id = Id(name),
        Type = VmType,
        Status = AzsCaptureStatus.Captured,
        File = name + ".json",
    };
}
