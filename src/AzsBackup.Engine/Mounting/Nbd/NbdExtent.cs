namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>A run of an export's bytes.</summary>
/// <param name="Length">How long it is, in bytes.</param>
/// <param name="IsZero">Whether all of it is known to be zeros without reading it.</param>
public readonly record struct NbdExtent(long Length, bool IsZero);
