using System.Globalization;
using AzsBackup.Emulator.Blobs.Http;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>List Containers.</summary>
internal static class ContainerListOperation
{
    public static Task ListAsync(BlobRequest request)
    {
        var parameters = new ListParameters(request);
        // The marker is /account/name of the first container to come (recorded: test_list_containers_with_num_results_and_marker).
        var from = parameters.Marker[(parameters.Marker.LastIndexOf('/') + 1)..];
        var found = request.Account.List(from, parameters.Prefix, parameters.Count + 1);
        return XmlAnswer.WriteAsync(request, xml =>
        {
            parameters.WriteHead(xml, request, null);
            xml.WriteStartElement("Containers");
            foreach (var container in found.Take(parameters.Count))
            {
                xml.WriteStartElement("Container");
                xml.WriteElementString("Name", container.Name);
                xml.WriteStartElement("Properties");
                xml.WriteElementString("Last-Modified", container.Properties.LastModified.ToString("R", CultureInfo.InvariantCulture));
                xml.WriteElementString("Etag", container.Properties.ETag.Quoted);
                ListParameters.WriteLease(xml, LeaseHeaders.Words(container.Lease));
                if (container.PublicAccess is { } access)
                    xml.WriteElementString("PublicAccess", access);
                xml.WriteElementString("HasImmutabilityPolicy", "false");
                xml.WriteElementString("HasLegalHold", "false");
                xml.WriteEndElement();
                if (parameters.Includes("metadata"))
                    ListParameters.WriteMetadata(xml, container.Properties.Metadata);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteElementString("NextMarker", found.Count > parameters.Count ? $"/{request.Address.Account}/{found[^1].Name}" : "");
            xml.WriteEndElement();
        });
    }
}
