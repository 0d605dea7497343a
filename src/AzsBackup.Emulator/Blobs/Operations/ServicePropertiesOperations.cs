using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Get and Set Blob Service Properties (learn.microsoft.com, "Set Blob Service Properties").</summary>
internal sealed class ServicePropertiesOperations(BlobServiceOptions options)
{
    private const int MaxLength = 64 * 1024;
    private const int MaxRules = 5;
    private static readonly string[] Verbs = ["DELETE", "GET", "HEAD", "MERGE", "POST", "OPTIONS", "PUT", "PATCH"];

    public static Task GetAsync(BlobRequest request)
    {
        var properties = request.Account.Properties;
        return XmlAnswer.WriteAsync(request, xml =>
        {
            xml.WriteStartElement("StorageServiceProperties");
            foreach (var element in properties.Analytics.Values)
                xml.WriteRaw(element);
            xml.WriteStartElement("Cors");
            foreach (var rule in properties.Cors)
                Write(xml, rule);
            xml.WriteEndElement();
            if (properties.DefaultVersion is { } version)
                xml.WriteElementString("DefaultServiceVersion", version);
            // A stamp has neither soft delete nor static websites; the elements belong to the versions all the same.
            if (string.CompareOrdinal(request.Version, "2017-07-29") >= 0)
                xml.WriteRaw("<DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>");
            if (string.CompareOrdinal(request.Version, "2018-03-28") >= 0)
                xml.WriteRaw("<StaticWebsite><Enabled>false</Enabled></StaticWebsite>");
            xml.WriteEndElement();
        });
    }

    public async Task SetAsync(BlobRequest request)
    {
        using var body = new MemoryStream();
        await request.CopyBodyAsync(body, request.ContentLength(MaxLength), computeMd5: false);
        body.Position = 0;
        var root = Root(body);
        request.Account.ChangeSelf(() => request.Account.Properties = Changed(request.Account.Properties, root));
        request.Answer(StatusCodes.Status202Accepted);
    }

    /// <summary>What isn't named stays as it is.</summary>
    private ServiceProperties Changed(ServiceProperties properties, XElement root)
    {
        var analytics = new OrderedDictionary<string, string>(properties.Analytics);
        foreach (var element in root.Elements())
        {
            switch (element.Name.LocalName)
            {
                case "Logging" or "HourMetrics" or "MinuteMetrics":
                    CheckRetention(element);
                    analytics[element.Name.LocalName] = element.ToString(SaveOptions.DisableFormatting);
                    break;
                case "Cors":
                    properties = properties with { Cors = Rules(element) };
                    break;
                case "DefaultServiceVersion":
                    properties = properties with { DefaultVersion = options.Versions.Contains(element.Value) ? element.Value : throw BlobErrors.InvalidXmlNodeValue(element.Name.LocalName, element.Value) };
                    break;
                case "DeleteRetentionPolicy" or "StaticWebsite":
                    if (element.Element("Enabled")?.Value != "false")
                        throw BlobErrors.UnsupportedXmlNode(element.Name.LocalName);
                    break;
                default:
                    throw BlobErrors.InvalidXml();
            }
        }

        return properties with { Analytics = analytics };
    }

    private static void CheckRetention(XElement element)
    {
        var policy = element.Element("RetentionPolicy") ?? throw BlobErrors.MissingXmlNode("RetentionPolicy");
        var enabled = policy.Element("Enabled")?.Value ?? throw BlobErrors.MissingXmlNode("Enabled");
        if (enabled is not ("true" or "false"))
            throw BlobErrors.InvalidXmlNodeValue("Enabled", enabled);
        if (enabled == "true" && Number(policy, "Days") is < 1 or > 365)
            throw BlobErrors.InvalidXmlNodeValue("Days", policy.Element("Days")!.Value);
    }

    private static List<CorsRule> Rules(XElement cors)
    {
        var rules = cors.Elements("CorsRule").Select(rule => new CorsRule(
            List(rule, "AllowedOrigins"), Methods(rule), List(rule, "AllowedHeaders"), List(rule, "ExposedHeaders"), Number(rule, "MaxAgeInSeconds"))).ToList();
        return rules.Count <= MaxRules ? rules : throw BlobErrors.InvalidXml();
    }

    private static string[] Methods(XElement rule)
    {
        var methods = List(rule, "AllowedMethods");
        var wrong = Array.Find(methods, method => !Verbs.Contains(method));
        return wrong is null ? methods : throw BlobErrors.InvalidXmlNodeValue("AllowedMethods", wrong);
    }

    private static string[] List(XElement rule, string name) =>
        (rule.Element(name) ?? throw BlobErrors.MissingXmlNode(name)).Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static int Number(XElement parent, string name)
    {
        var text = (parent.Element(name) ?? throw BlobErrors.MissingXmlNode(name)).Value;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw BlobErrors.InvalidXmlNodeValue(name, text);
    }

    private static XElement Root(Stream body)
    {
        try
        {
            var root = XDocument.Load(body).Root!;
            return root.Name == "StorageServiceProperties" ? root : throw BlobErrors.InvalidXml();
        }
        catch (XmlException)
        {
            throw BlobErrors.InvalidXml();
        }
    }

    private static void Write(XmlWriter xml, CorsRule rule)
    {
        xml.WriteStartElement("CorsRule");
        xml.WriteElementString("AllowedOrigins", string.Join(',', rule.Origins));
        xml.WriteElementString("AllowedMethods", string.Join(',', rule.Methods));
        xml.WriteElementString("AllowedHeaders", string.Join(',', rule.AllowedHeaders));
        xml.WriteElementString("ExposedHeaders", string.Join(',', rule.ExposedHeaders));
        xml.WriteElementString("MaxAgeInSeconds", rule.MaxAgeSeconds.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
    }
}
