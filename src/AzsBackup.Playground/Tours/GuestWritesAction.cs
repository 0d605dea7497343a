using AzsBackup.Playground.Stacks;

namespace AzsBackup.Playground.Tours;

/// <summary>The guest goes on working: part of its disk changes.</summary>
internal sealed class GuestWritesAction(StackControl control, SampleDisk disk, string imagePath) : ITourAction
{
    /// <inheritdoc/>
    public async Task<string?> RunAsync(TourStage stage, CancellationToken cancellationToken)
    {
        var written = await control.ReplaceAsync(disk, imagePath, cancellationToken);
        stage.Screen.WriteLine("90", $"# {disk.VmName} goes on working: its guest writes {ByteCount.Text(written)} on the OS disk.");
        stage.Screen.WriteLine();
        return written > 0 ? null : "The second generation of the disk is no different from the first.";
    }
}
