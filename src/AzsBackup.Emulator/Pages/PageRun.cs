namespace AzsBackup.Emulator.Pages;

/// <summary>A stretch of pages in one state. Bytes; <paramref name="End"/> is exclusive.</summary>
internal readonly record struct PageRun(long Start, long End, PageState State);
