using System.Globalization;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Authentication;

/// <summary>Decides what a request may do. A stamp knows account keys, account and service SAS and public containers; no Entra tokens on blobs (azure-stack-acs-differences).</summary>
internal sealed class Authenticator(BlobServiceOptions options, ServiceClock clock, ExpiredSas expired)
{
    /// <summary>Gives what the credentials allow, which includes the operation; refuses the request otherwise.</summary>
    public Access Authorize(BlobRequest request, BlobOperation operation, StorageAccount account)
    {
        if (request.Header("Authorization") is { } authorization)
            return CheckKey(request, authorization, account);
        if (request.Query("sig") is not null)
            return request.Query("ss") is not null ? CheckAccountSas(request, operation, account) : CheckServiceSas(request, operation, account);
        return CheckAnonymous(request, operation, account);
    }

    private Access CheckKey(BlobRequest request, string authorization, StorageAccount account)
    {
        const string Scheme = "SharedKey ";
        if (!authorization.StartsWith(Scheme, StringComparison.Ordinal))
            throw BlobErrors.AuthenticationFailed("Only the SharedKey scheme is supported.");
        var text = request.Header("x-ms-date") ?? request.Header("Date");
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            throw BlobErrors.AuthenticationFailed("The request has no valid date header.");
        if ((clock.Now - date).Duration() > options.RequestDateTolerance)
            throw BlobErrors.AuthenticationFailed($"Request date header too old: '{text}'");
        SharedKey.Check(request, authorization[Scheme.Length..], account.Keys);
        return Access.Owner;
    }

    private Access CheckAccountSas(BlobRequest request, BlobOperation operation, StorageAccount account)
    {
        string Field(string name) => request.Query(name) ?? "";
        var version = SasVersion(request);
        var lines = new List<string> { account.Name, Field("sp"), Field("ss"), Field("srt"), Field("st"), Field("se"), Field("sip"), Field("spr"), version };
        if (string.CompareOrdinal(version, "2020-12-06") >= 0)
            lines.Add(Field("ses"));
        CheckSignature(request, string.Join('\n', lines) + "\n", account);
        if (Field("sp").Length == 0 || Field("srt").Length == 0)
            throw BlobErrors.AuthenticationFailed("sp and srt are mandatory.");
        CheckExpired(request);
        SasLimits.CheckTime(SasLimits.Time(Field("st")), SasLimits.Time(Field("se")), clock.Now);
        SasLimits.CheckProtocol(Field("spr"), request);
        SasLimits.CheckAddress(Field("sip"), request);
        if (!Field("ss").Contains('b', StringComparison.Ordinal))
            throw BlobErrors.AuthorizationServiceMismatch();
        if (!Field("srt").Contains(operation.Resource, StringComparison.Ordinal))
            throw BlobErrors.AuthorizationResourceTypeMismatch();
        return Allow(Field("sp"), operation);
    }

    private Access CheckServiceSas(BlobRequest request, BlobOperation operation, StorageAccount account)
    {
        SasVersion(request);
        var sas = ServiceSas.From(request);
        var (_, container, blob) = request.Address;
        var resource = sas.Resource switch
        {
            "c" => $"/blob/{account.Name}/{container}",
            "bs" when string.CompareOrdinal(sas.Version, "2018-11-09") < 0 => throw BlobErrors.AuthenticationFailed("sr=bs needs version 2018-11-09 or later."),
            "b" or "bs" => $"/blob/{account.Name}/{container}/{blob}",
            _ => throw BlobErrors.AuthenticationFailed("sr is mandatory and must be b, c or bs."),
        };
        CheckSignature(request, sas.TextToSign(resource, sas.Resource == "bs" ? request.Snapshot : null), account);

        // A policy that is gone, with its container or by itself, takes its SAS along: this is how an exported disk is revoked.
        var policy = new AccessPolicy(null, null, null);
        if (sas.Identifier.Length > 0 && account.Find(container)?.Policies.TryGetValue(sas.Identifier, out policy) is not true)
            throw BlobErrors.AuthenticationFailed($"Signed identifier {sas.Identifier} is not found.");
        // The detail is the service's own, as users of Azure report it.
        if ((policy!.Start is not null && sas.Start.Length > 0) || (policy.Expiry is not null && sas.Expiry.Length > 0) || (policy.Permissions is not null && sas.Permissions.Length > 0))
            throw BlobErrors.AuthenticationFailed("Access policy fields can be associated with signature or SAS identifier but not both");
        if (policy.Permissions is null && sas.Permissions.Length == 0)
            throw BlobErrors.AuthenticationFailed("Signed permissions (sp) are given neither by the SAS nor by a stored access policy.");
        CheckExpired(request);
        SasLimits.CheckTime(policy.Start ?? SasLimits.Time(sas.Start), policy.Expiry ?? SasLimits.Time(sas.Expiry), clock.Now);
        SasLimits.CheckProtocol(sas.Protocol, request);
        SasLimits.CheckAddress(sas.AddressRange, request);

        if (sas.Resource == "c" ? !operation.IsOpenToContainerSas : operation.Resource != 'o')
            throw BlobErrors.AuthorizationFailure();
        return Allow(policy.Permissions ?? sas.Permissions, operation);
    }

    private static Access CheckAnonymous(BlobRequest request, BlobOperation operation, StorageAccount account)
    {
        var level = account.Find(request.Address.Container)?.PublicAccess;
        var isOpen = (operation.Resource == 'o' && operation.Permissions == "r" && level is "blob" or "container") || (operation.IsOpenToContainerSas && operation.Permissions == "l" && level == "container");
        // A private container is not admitted to exist (recorded: test_no_sas_private_blob).
        return isOpen ? new Access(false, operation.Permissions) : throw BlobErrors.ResourceNotFound();
    }

    private string SasVersion(BlobRequest request)
    {
        var version = request.Query("sv") ?? "";
        return options.Versions.Contains(version) ? version : throw BlobErrors.AuthenticationFailed($"Signed version (sv) '{version}' is not supported.");
    }

    private void CheckExpired(BlobRequest request)
    {
        if (expired.Contains(request.Query("sig")!))
            SasLimits.CheckTime(null, clock.Now, clock.Now);
    }

    private static void CheckSignature(BlobRequest request, string text, StorageAccount account)
    {
        if (!Signature.IsValid(request.Query("sig")!, text, account.Keys))
            throw BlobErrors.AuthenticationFailed($"Signature did not match. String to sign used was {text}");
    }

    private static Access Allow(string permissions, BlobOperation operation) =>
        operation.Permissions.Any(p => permissions.Contains(p, StringComparison.Ordinal)) ? new Access(false, permissions) : throw BlobErrors.AuthorizationPermissionMismatch();
}
