namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>What client and server agreed on before transmission.</summary>
/// <param name="StructuredReplies">Whether reads are answered in chunks.</param>
/// <param name="BlockStatus">Whether the client may ask what is allocated.</param>
internal readonly record struct NbdAgreement(bool StructuredReplies, bool BlockStatus);
