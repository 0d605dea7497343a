namespace AzsBackup.Emulator.Pages;

/// <summary>What a layer knows of a stretch of pages.</summary>
internal enum PageState
{
    /// <summary>Nothing: the layer below decides.</summary>
    Untouched,

    /// <summary>The bytes lie in the layer's file, at the same offset.</summary>
    Written,

    /// <summary>Zeros, and not allocated, whatever the layers below say.</summary>
    Cleared,
}
