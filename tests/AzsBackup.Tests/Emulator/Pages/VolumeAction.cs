namespace AzsBackup.Tests.Emulator.Pages;

public enum VolumeAction
{
    Write,
    Clear,
    Resize,
    Snapshot,
    Fork,
    Dispose,
}
