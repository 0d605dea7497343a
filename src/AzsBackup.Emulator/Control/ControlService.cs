using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Compute;
using AzsBackup.Emulator.Estates;
using AzsBackup.Emulator.Faults;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Emulator.Pages;
using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Control;

/// <summary>What no stamp has: a plain endpoint on loopback that plays the guest's writes, the operator's clock and misfortune.</summary>
internal sealed class ControlService(StackState stack, ManagedDisks disks, PrincipalControl principals, FaultPlan faults, RequestJournal journal, AdjustableClock clock)
{
    public async Task HandleAsync(HttpContext context)
    {
        (int status, JsonNode? body) answer;
        try
        {
            answer = (context.Request.Method, context.Request.Path.Value?.TrimEnd('/')) switch
            {
                ("GET", "/state") => (200, State()),
                ("GET", "/requests") => (200, Requests()),
                ("POST", "/disks/replace") => (200, Replace(await ReadAsync(context), context.RequestAborted)),
                ("GET", "/disks/hash") => (200, Hash(Disk(context.Request.Query["disk"].ToString()), context.RequestAborted)),
                ("GET", "/disks/content") => await ContentAsync(context),
                ("GET", "/faults") => (200, Faults()),
                ("POST", "/faults") => AddFaults(await ReadAsync(context)),
                ("DELETE", "/faults") => ClearFaults(),
                ("GET", "/principals") => (200, principals.List()),
                ("POST", "/principals") => (200, principals.Add(await ReadAsync(context))),
                ("POST", "/principals/revoke") => (200, principals.Revoke(await ReadAsync(context))),
                ("POST", "/clock") => MoveClock(await ReadAsync(context)),
                _ => (404, Problem("There is no such control request. Known are /state, /requests, /disks/replace, /disks/hash, /disks/content, /faults, /principals, /principals/revoke and /clock.")),
            };
        }
        catch (ControlException exception)
        {
            answer = (exception.Status, Problem(exception.Message));
        }
        catch (Exception exception) when (exception is FormatException or JsonException or EstateException)
        {
            answer = (400, Problem(exception.Message));
        }

        if (context.Response.HasStarted)
            return;
        context.Response.StatusCode = answer.status;
        if (answer.body is null)
            return;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(answer.body.ToJsonString(ArmJson.WriteOptions), context.RequestAborted);
    }

    private static JsonObject Problem(string message) => new() { ["error"] = message };

    private static async Task<JsonNode?> ReadAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        return ArmJson.ParseStrictly(await reader.ReadToEndAsync(context.RequestAborted));
    }

    private JsonObject Replace(JsonNode? request, CancellationToken cancellationToken)
    {
        string path = request.Text("path") ?? throw new ControlException(400, "The request needs \"disk\" and \"path\".");
        using DiskImage image = DiskImage.Open(path);
        PageVolume volume = Disk(request.Text("disk") ?? "");
        if (volume.IsReadOnly)
            throw new ControlException(400, "A snapshot cannot be written to.");
        using StateChange? kept = stack.BeginChange();
        long pages = image.WriteDifferences(volume, cancellationToken);
        return new JsonObject { ["pagesWritten"] = pages, ["bytesWritten"] = pages * 4096 };
    }

    private static JsonObject Hash(PageVolume volume, CancellationToken cancellationToken)
    {
        using PageVolume view = volume.Snapshot();
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<byte> block in Blocks(view))
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(block.Span);
        }

        return new JsonObject { ["length"] = view.Length, ["sha256"] = Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }

    private async Task<(int Status, JsonNode? Body)> ContentAsync(HttpContext context)
    {
        using PageVolume view = Disk(context.Request.Query["disk"].ToString()).Snapshot();
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = view.Length;
        foreach (ReadOnlyMemory<byte> block in Blocks(view))
            await context.Response.Body.WriteAsync(block, context.RequestAborted);
        return (200, null);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Blocks(PageVolume volume)
    {
        byte[] block = new byte[1 << 20];
        for (long offset = 0; offset < volume.Length; offset += block.Length)
        {
            int length = (int)Math.Min(block.Length, volume.Length - offset);
            volume.Read(offset, block.AsSpan(0, length));
            yield return block.AsMemory(0, length);
        }
    }

    private PageVolume Disk(string disk)
    {
        lock (stack.Gate)
        {
            ArmResource? resource = stack.Resources.Find(disk, ManagedDisks.DiskType) ?? stack.Resources.Find(disk, ManagedDisks.SnapshotType);
            return (resource?.State as DiskState)?.Volume ?? disks.FindBlob(disk)
                ?? throw new ControlException(404, $"There is no disk '{disk}' on this stack: give a disk's or a snapshot's id, or the URI of a page blob.");
        }
    }

    private JsonObject State()
    {
        using StackTurn turn = stack.Take(isRead: true);
        stack.Operations.Settle();
        return new JsonObject
        {
            ["resources"] = stack.Resources.All.Count(),
            ["disks"] = stack.Resources.OfType(ManagedDisks.DiskType).Count(),
            ["snapshots"] = stack.Resources.OfType(ManagedDisks.SnapshotType).Count(),
            ["activeSas"] = stack.Resources.All.Count(disks.IsGranted),
            ["runningOperations"] = stack.Operations.Running,
            ["requestsServed"] = journal.Total,
            ["contentBytesServed"] = journal.ContentBytes,
            ["faults"] = faults.Count,
            ["time"] = ArmJson.Stamp(stack.Now),
        };
    }

    private JsonObject Requests() => new()
    {
        ["value"] = new JsonArray([.. journal.Recent().Select(request => new JsonObject
        {
            ["method"] = request.Method,
            ["path"] = request.Path,
            ["status"] = request.Status,
        })]),
    };

    private JsonObject Faults() => new() { ["count"] = faults.Count, ["value"] = faults.ToJson() };

    private (int Status, JsonNode? Body) AddFaults(JsonNode? request)
    {
        faults.Add(request);
        return (200, Faults());
    }

    private (int Status, JsonNode? Body) ClearFaults()
    {
        faults.Clear();
        return (200, new JsonObject { ["count"] = 0 });
    }

    private (int Status, JsonNode? Body) MoveClock(JsonNode? request)
    {
        long seconds = request.Number("advanceSeconds") ?? throw new ControlException(400, "The request needs \"advanceSeconds\", a whole number.");
        clock.Advance(TimeSpan.FromSeconds(seconds));
        return (200, new JsonObject { ["time"] = ArmJson.Stamp(stack.Now) });
    }
}
