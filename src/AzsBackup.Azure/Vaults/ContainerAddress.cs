using System.Globalization;
using AzsBackup.Model;

namespace AzsBackup.Azure.Vaults;

/// <summary>A container's URI, taken apart: where it lies, which may be shown, and its SAS, which may not.</summary>
internal sealed class ContainerAddress
{
    private readonly string _sas;

    /// <summary>Takes a URI apart.</summary>
    /// <param name="uri">The container's URI; its query is the SAS.</param>
    /// <param name="hasKey">Whether an account key opens the container, so that there must be no SAS.</param>
    /// <exception cref="AzsException"><c>ContainerUriInvalid</c>, <c>ContainerUriNotHttps</c>, <c>ContainerSasMissing</c>.</exception>
    public ContainerAddress(Uri uri, bool hasKey)
    {
        if (!uri.IsAbsoluteUri || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) || uri.UserInfo.Length > 0)
            throw Invalid("It is no web address.", null);
        Location = uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput, "ContainerUriNotHttps", $"'{Location}' is no HTTPS address; a SAS is sent over nothing less.",
                "Give the container's URI with https.", Location);
        }

        if (uri.AbsolutePath.Trim('/').Length == 0) throw Invalid($"'{Location}' names no container.", Location);
        _sas = uri.Query.TrimStart('?');
        bool isSigned = _sas.Split('&').Any(part => part.StartsWith("sig=", StringComparison.OrdinalIgnoreCase));
        if (isSigned == hasKey)
        {
            throw hasKey
                ? Invalid($"For '{Location}' both a SAS and an account key are given.", Location)
                : new AzsException(
                    AzsErrorKind.InvalidInput, "ContainerSasMissing", $"The URI of '{Location}' carries no SAS.",
                    "Append a SAS of the container that may read, list and create, and delete if old points shall be removed.", Location);
        }
    }

    /// <summary>Where the container lies, without the SAS and without a slash at its end.</summary>
    public string Location { get; }

    /// <summary>When the SAS ends (UTC); null if it does not say, as one that goes by a stored access policy.</summary>
    public DateTimeOffset? ExpiresOn
    {
        get
        {
            var end = Array.Find(_sas.Split('&'), part => part.StartsWith("se=", StringComparison.OrdinalIgnoreCase));
            return end is not null && DateTimeOffset.TryParse(
                Uri.UnescapeDataString(end[3..]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
        }
    }

    /// <summary>The container's URI with the SAS.</summary>
    public Uri Container => new(_sas.Length == 0 ? Location : $"{Location}?{_sas}");

    /// <summary>
    /// The URI of an object, with the SAS. Not by the SDK's builder, which takes the account in a path-style address for a
    /// container unless the host is an IP address.
    /// </summary>
    public Uri UriOf(string name) => new(_sas.Length == 0 ? $"{Location}/{name}" : $"{Location}/{name}?{_sas}");

    private static AzsException Invalid(string why, string? target) => new(
        AzsErrorKind.InvalidInput, "ContainerUriInvalid", $"The container's URI can't be used. {why}",
        "Give it as https://<account>.blob.<suffix>/<container>?<SAS>.", target);
}
