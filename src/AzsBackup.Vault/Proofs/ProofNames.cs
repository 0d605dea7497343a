using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Proofs;

/// <summary>The names of proofs (FORMAT.md §1).</summary>
internal static class ProofNames
{
    private const string End = ".proof";

    /// <param name="folder">The point's folder, ending in '/'.</param>
    /// <param name="proofId">32 hex digits.</param>
    public static string Proof(string folder, string proofId) => folder + proofId + End;

    /// <summary>Whether this object of a point's folder is a proof; then its id.</summary>
    public static bool TryParse(string part, out string proofId)
    {
        proofId = part.EndsWith(End, StringComparison.Ordinal) ? part[..^End.Length] : "";
        return ObjectNames.IsId(proofId);
    }
}
