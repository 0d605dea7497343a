using System.Net;

namespace AzsBackup.Azure.Transport;

/// <summary>
/// The system's proxy, except for this machine itself: .NET sends even requests to 127.0.0.1 to the proxy
/// that <c>HTTPS_PROXY</c> names, unless <c>NO_PROXY</c> says otherwise.
/// </summary>
internal sealed class LoopbackBypassProxy(IWebProxy system) : IWebProxy
{
    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => system.Credentials;
        set => system.Credentials = value;
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : system.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => host.IsLoopback || system.IsBypassed(host);
}
