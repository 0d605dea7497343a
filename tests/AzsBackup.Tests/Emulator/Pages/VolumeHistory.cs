using AzsBackup.Emulator.Pages;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzsBackup.Tests.Emulator.Pages;

/// <summary>A random history of volumes that spring from one another, played on the real thing and on a plain model.</summary>
public sealed class VolumeHistory(IReadOnlyList<VolumeStep> steps)
{
    private const int Pages = 40;

    public static Arbitrary<VolumeHistory> Arbitrary { get; } = Steps().ToArbitrary();

    public override string ToString() => string.Join(Environment.NewLine, steps);

    public void Run(PageStore store) => Run(store, null);

    /// <summary>Runs with a store that survives a restart, and restarts it after every few steps and at the end.</summary>
    internal void Run(RestartingPageStore stores) => Run(stores.Store, stores);

    private void Run(PageStore store, RestartingPageStore? stores)
    {
        var models = new List<VolumeModel> { new(store.Create(Pages * PageVolume.PageSize), new byte[Pages], new bool[Pages], new int[Pages]) };
        try
        {
            foreach (var step in steps)
            {
                Play(step, models);
                if (stores is not null && step.Value % 8 == 0)
                    stores.Restart(models);
                foreach (var model in models)
                    Check(model, step);
            }

            stores?.Restart(models);
            foreach (var model in models)
                Check(model, steps.Count > 0 ? steps[^1] : new VolumeStep(VolumeAction.Write, 0, 0, 0, 0));
        }
        finally
        {
            foreach (var model in models)
                model.Volume.Dispose();
        }
    }

    private static Gen<VolumeHistory> Steps()
    {
        var action = Gen.Frequency(
            (6, Gen.Constant(VolumeAction.Write)),
            (3, Gen.Constant(VolumeAction.Clear)),
            (1, Gen.Constant(VolumeAction.Resize)),
            (2, Gen.Constant(VolumeAction.Snapshot)),
            (1, Gen.Constant(VolumeAction.Fork)),
            (1, Gen.Constant(VolumeAction.Dispose)));
        var step =
            from what in action
            from volume in Gen.Choose(0, 1000)
            from page in Gen.Choose(0, 1000)
            from count in Gen.Choose(0, 12)
            from value in Gen.Choose(0, 255)
            select new VolumeStep(what, volume, page, count, (byte)value);
        return from steps in step.ListOf() select new VolumeHistory([.. steps]);
    }

    private static void Play(VolumeStep step, List<VolumeModel> models)
    {
        if (models.Count == 0)
            return;
        var model = models[step.Volume % models.Count];
        var page = model.Pages == 0 ? 0 : step.Page % model.Pages;
        var count = Math.Min(step.Count, model.Pages - page);
        switch (step.Action)
        {
            case VolumeAction.Snapshot:
                var frozen = model.Copy(model.Volume.Snapshot());
                models.Add(frozen);
                (model.Volume.IsReadOnly ? frozen : model).Ancestors.Add(model.Volume.IsReadOnly ? model : frozen);
                break;
            case VolumeAction.Fork:
                var fork = model.Copy(model.Volume.Fork());
                if (model.Volume.IsReadOnly)
                    fork.Ancestors.Add(model);
                models.Add(fork);
                break;
            case VolumeAction.Dispose:
                model.Volume.Dispose();
                models.Remove(model);
                models.ForEach(m => m.Ancestors.Remove(model));
                break;
            case var change when !model.Volume.IsReadOnly:
                Change(change, model, page, count, step.Value);
                break;
        }
    }

    private static void Change(VolumeAction change, VolumeModel model, int page, int count, byte value)
    {
        var offset = (long)page * PageVolume.PageSize;
        var bytes = new byte[count * PageVolume.PageSize];
        if (change == VolumeAction.Write)
        {
            bytes.AsSpan().Fill(value);
            model.Volume.Write(offset, bytes);
            model.Set(page, count, value, isAllocated: true);
        }
        else if (change == VolumeAction.Clear)
        {
            model.Volume.Clear(offset, bytes.Length);
            model.Set(page, count, 0, isAllocated: false);
        }
        else
        {
            var pages = Pages / 2 + page;
            model.Volume.Resize((long)pages * PageVolume.PageSize);
            model.Resize(pages);
        }
    }

    private static void Check(VolumeModel model, VolumeStep step)
    {
        var volume = model.Volume;
        Assert.Equal(model.Pages * PageVolume.PageSize, volume.Length);
        // Not only the whole: a stretch that begins and ends anywhere, bytes for reads and pages for lists.
        var from = model.Pages == 0 ? 0 : step.Count % model.Pages;
        var offset = Math.Min(step.Value, volume.Length);
        var bytes = new byte[volume.Length - offset];
        volume.Read(offset, bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != model.Values[(i + offset) / PageVolume.PageSize])
                Assert.Fail($"Byte {i + offset} is {bytes[i]} after {step}.");
        }

        var ranges = volume.GetRanges((long)from * PageVolume.PageSize, volume.Length - ((long)from * PageVolume.PageSize));
        Assert.Equal(Runs(from, model.Pages, i => model.Allocated[i] ? 1 : 0).Select(r => new PageRange(r.Offset, r.Length)), ranges);
        foreach (var ancestor in model.Ancestors)
        {
            var expected = Runs(from, model.Pages, i => model.Touches[i] == TouchesOf(ancestor, i) ? 0 : model.Allocated[i] ? 1 : 2);
            var actual = volume.GetDifference(ancestor.Volume, (long)from * PageVolume.PageSize, volume.Length - ((long)from * PageVolume.PageSize));
            Assert.Equal(expected.Select(r => new PageDifference(r.Offset, r.Length, r.Kind == 2)), actual);
        }
    }

    private static int TouchesOf(VolumeModel model, int page) => page < model.Touches.Length ? model.Touches[page] : 0;

    private static List<(long Offset, long Length, int Kind)> Runs(int from, int to, Func<int, int> kindOf)
    {
        var runs = new List<(long, long, int)>();
        for (var page = from; page < to;)
        {
            var end = page;
            while (end < to && kindOf(end) == kindOf(page))
                end++;
            if (kindOf(page) != 0)
                runs.Add(((long)page * PageVolume.PageSize, (long)(end - page) * PageVolume.PageSize, kindOf(page)));
            page = end;
        }

        return runs;
    }
}
