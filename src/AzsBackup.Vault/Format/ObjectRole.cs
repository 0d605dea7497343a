namespace AzsBackup.Vault.Format;

/// <summary>What a sealed object is; written in it and bound to it (FORMAT.md §1, §5).</summary>
internal enum ObjectRole : byte
{
    Chunk = 1,
    Index = 2,
    Point = 3,
    Document = 4,
    Session = 5,
    Condemned = 6,
    Job = 7,
    Mark = 8,
    Clock = 9,
    Verified = 10,
    Run = 11,
    Setting = 12,
    Proof = 13,
}
