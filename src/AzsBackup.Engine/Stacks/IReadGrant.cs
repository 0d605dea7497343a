namespace AzsBackup.Engine.Stacks;

/// <summary>The right to read an exported disk or snapshot: a signed URI that ends, and can be had again.</summary>
public interface IReadGrant
{
    /// <summary>The URI to read from now. It carries a signature: never log it.</summary>
    ValueTask<Uri> GetUriAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Asks for a new URI, because <paramref name="refused"/> was refused. Callers that were refused the same URI at the same
    /// time share one request.
    /// </summary>
    ValueTask<Uri> RenewAsync(Uri refused, CancellationToken cancellationToken);
}
