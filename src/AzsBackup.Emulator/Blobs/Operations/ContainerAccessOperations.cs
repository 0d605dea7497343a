using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Get and Set Container ACL: public access and stored access policies.</summary>
internal sealed class ContainerAccessOperations(ServiceClock clock)
{
    private const int MaxListLength = 64 * 1024;
    private const int MaxPolicies = 5;
    private const int MaxIdLength = 64;

    public static Task GetAsync(BlobRequest request)
    {
        var container = request.Container();
        container.Lease.CheckRead(request.LeaseId());
        request.SetVersionHeaders(container.Properties);
        request.SetHeader("x-ms-blob-public-access", container.PublicAccess);
        var policies = container.Policies;
        return XmlAnswer.WriteAsync(request, xml =>
        {
            xml.WriteStartElement("SignedIdentifiers");
            foreach (var (id, policy) in policies)
                Write(xml, id, policy);
            xml.WriteEndElement();
        });
    }

    public async Task SetAsync(BlobRequest request)
    {
        var container = request.Container();
        var access = ContainerOperations.PublicAccess(request);
        using var body = new MemoryStream();
        await request.CopyBodyAsync(body, request.ContentLength(MaxListLength), computeMd5: false);
        body.Position = 0;
        var policies = body.Length == 0 ? new OrderedDictionary<string, AccessPolicy>() : Read(body);
        container.ChangeSelf(() =>
        {
            new Conditions(request).CheckChange(container.Properties);
            container.Lease.CheckRead(request.LeaseId());
            container.PublicAccess = access;
            container.Policies = policies;
            container.Properties = container.Properties.Touched(clock);
            request.SetVersionHeaders(container.Properties);
        });
        request.Answer(StatusCodes.Status200OK);
    }

    private static OrderedDictionary<string, AccessPolicy> Read(Stream body)
    {
        XElement root;
        try
        {
            root = XDocument.Load(body).Root!;
        }
        catch (XmlException)
        {
            throw BlobErrors.InvalidXml();
        }

        var policies = new OrderedDictionary<string, AccessPolicy>(StringComparer.Ordinal);
        foreach (var identifier in root.Elements("SignedIdentifier"))
        {
            var id = identifier.Element("Id")?.Value ?? "";
            var policy = identifier.Element("AccessPolicy");
            var read = new AccessPolicy(Time(policy?.Element("Start")), Time(policy?.Element("Expiry")), policy?.Element("Permission")?.Value is { Length: > 0 } permissions ? permissions : null);
            if (id.Length is 0 or > MaxIdLength || policies.Count == MaxPolicies || !policies.TryAdd(id, read))
                throw BlobErrors.InvalidXml();
        }

        return root.Name == "SignedIdentifiers" ? policies : throw BlobErrors.InvalidXml();
    }

    private static DateTimeOffset? Time(XElement? element)
    {
        if (element is null || element.Value.Length == 0)
            return null;
        return DateTimeOffset.TryParse(element.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : throw BlobErrors.InvalidXml();
    }

    private static void Write(XmlWriter xml, string id, AccessPolicy policy)
    {
        const string Form = "yyyy-MM-ddTHH:mm:ss.fffffffZ";
        xml.WriteStartElement("SignedIdentifier");
        xml.WriteElementString("Id", id);
        xml.WriteStartElement("AccessPolicy");
        if (policy.Start is { } start)
            xml.WriteElementString("Start", start.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture));
        if (policy.Expiry is { } expiry)
            xml.WriteElementString("Expiry", expiry.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture));
        if (policy.Permissions is { } permissions)
            xml.WriteElementString("Permission", permissions);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }
}
