namespace AzsBackup.Emulator.Blobs;

/// <summary>The refusals of the service in its own words (recordings; learn.microsoft.com, "Blob service error codes" and "Common REST API error codes").</summary>
internal static class BlobErrors
{
    private const string AuthenticationMessage = "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.";

    public static BlobException AuthenticationFailed(string detail) => new(403, "AuthenticationFailed", AuthenticationMessage, ("AuthenticationErrorDetail", detail));

    public static BlobException AuthorizationFailure() => new(403, "AuthorizationFailure", "This request is not authorized to perform this operation.");

    public static BlobException AuthorizationSourceAddressMismatch() => new(403, "AuthorizationSourceIPMismatch", "This request is not authorized to perform this operation using this source IP.");

    public static BlobException AuthorizationPermissionMismatch() => new(403, "AuthorizationPermissionMismatch", "This request is not authorized to perform this operation using this permission.");

    public static BlobException AuthorizationServiceMismatch() => new(403, "AuthorizationServiceMismatch", "This request is not authorized to perform this operation using this service.");

    public static BlobException AuthorizationResourceTypeMismatch() => new(403, "AuthorizationResourceTypeMismatch", "This request is not authorized to perform this operation using this resource type.");

    public static BlobException AuthorizationProtocolMismatch() => new(403, "AuthorizationProtocolMismatch", "This request is not authorized to perform this operation using this protocol.");

    public static BlobException UnauthorizedBlobOverwrite() => new(403, "UnauthorizedBlobOverwrite", "This request is not authorized to perform blob overwrites.");

    public static BlobException InvalidAuthenticationInfo() => new(400, "InvalidAuthenticationInfo", "Authentication information is not given in the correct format. Check the value of Authorization header.");

    public static BlobException ResourceNotFound() => new(404, "ResourceNotFound", "The specified resource does not exist.");

    public static BlobException InvalidHeaderValue(string name, string value) => new(400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format.", ("HeaderName", name), ("HeaderValue", value));

    public static BlobException MissingRequiredHeader(string name) => new(400, "MissingRequiredHeader", "An HTTP header that's mandatory for this request is not specified.", ("HeaderName", name));

    public static BlobException MissingContentLength() => new(411, "MissingContentLengthHeader", "The Content-Length header was not specified.");

    public static BlobException InvalidQueryParameter(string name, string value, string reason) => new(400, "InvalidQueryParameterValue", "Value for one of the query parameters specified in the request URI is invalid.", ("QueryParameterName", name), ("QueryParameterValue", value), ("Reason", reason));

    public static BlobException InvalidSnapshot(string value) => new(400, "InvalidQueryParameterValue", "Value for one of the query parameters specified in the request URI is invalid.", ("QueryParameterName", "snapshot"), ("QueryParameterValue", value), ("Reason", "Invalid snapshot time.")) { IsEarly = true };

    public static BlobException MissingQueryParameter(string name) => new(400, "MissingRequiredQueryParameter", "A query parameter that's mandatory for this request is not specified.", ("QueryParameterName", name));

    public static BlobException OutOfRangeQueryParameter(string name, string value, string minimum, string maximum) => new(400, "OutOfRangeQueryParameterValue", "One of the query parameters specified in the request URI is outside the permissible range.", ("QueryParameterName", name), ("QueryParameterValue", value), ("MinimumAllowed", minimum), ("MaximumAllowed", maximum));

    public static BlobException InvalidResourceName() => new(400, "InvalidResourceName", "The specified resource name contains invalid characters.");

    public static BlobException InvalidUri() => new(400, "InvalidUri", "The requested URI does not represent any resource on the server.");

    public static BlobException InvalidXml() => new(400, "InvalidXmlDocument", "XML specified is not syntactically valid.");

    public static BlobException InvalidXmlNodeValue(string name, string value) => new(400, "InvalidXmlNodeValue", "The value for one of the XML nodes is not in the correct format.", ("XmlNodeName", name), ("XmlNodeValue", value));

    public static BlobException MissingXmlNode(string name) => new(400, "MissingRequiredXmlNode", "An XML node that's mandatory for this request is not specified.", ("XmlNodeName", name));

    public static BlobException UnsupportedXmlNode(string name) => new(400, "UnsupportedXmlNode", "One of the XML nodes specified in the request body is not supported.", ("XmlNodeName", name));

    public static BlobException UnsupportedHeader(string name) => new(400, "UnsupportedHeader", "One of the HTTP headers specified in the request is not supported.", ("HeaderName", name));

    public static BlobException MissingCorsHeader() => new(400, "InvalidHeaderValue", "A required CORS header is not present.");

    public static BlobException CorsPreflightFailure() => new(403, "CorsPreflightFailure", "CORS not enabled or no matching rule found for this request.");

    public static BlobException AppendPositionConditionNotMet() => new(412, "AppendPositionConditionNotMet", "The append position condition specified was not met.");

    public static BlobException MaxBlobSizeConditionNotMet() => new(412, "MaxBlobSizeConditionNotMet", "The max blob size condition specified was not met.");

    public static BlobException BlockCountExceedsLimit(int limit) => new(409, "BlockCountExceedsLimit", $"The committed block count cannot exceed the maximum limit of {limit} blocks.");

    public static BlobException UnsupportedVerb() => new(405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb.");

    public static BlobException NotImplemented() => new(501, "NotImplemented", "The requested operation is not implemented on the specified resource.");

    public static BlobException ContainerNotFound() => new(404, "ContainerNotFound", "The specified container does not exist.");

    public static BlobException ContainerAlreadyExists() => new(409, "ContainerAlreadyExists", "The specified container already exists.");

    public static BlobException BlobNotFound() => new(404, "BlobNotFound", "The specified blob does not exist.");

    public static BlobException BlobAlreadyExists() => new(409, "BlobAlreadyExists", "The specified blob already exists.");

    public static BlobException InvalidBlobType() => new(409, "InvalidBlobType", "The blob type is invalid for this operation.");

    public static BlobException SnapshotsPresent() => new(409, "SnapshotsPresent", "This operation is not permitted because the blob has snapshots.");

    public static BlobException ConditionNotMet() => new(412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");

    public static BlobException NotModified() => new(304, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");

    public static BlobException SequenceNumberConditionNotMet() => new(412, "SequenceNumberConditionNotMet", "The sequence number condition specified was not met.");

    public static BlobException SequenceNumberIncrementTooLarge() => new(409, "SequenceNumberIncrementTooLarge", "The sequence number increment cannot be performed because it would result in overflow of the sequence number.");

    public static BlobException InvalidRange(long length) => new(416, "InvalidRange", "The range specified is invalid for the current size of the resource.") { ResourceLength = length };

    public static BlobException InvalidPageRange() => new(416, "InvalidPageRange", "The page range specified is invalid.");

    public static BlobException RequestBodyTooLarge(long limit) => new(413, "RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit.", ("MaxLimit", limit.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public static BlobException IncompleteBody() => new(400, "IncompleteBody", "The request body is incomplete.");

    public static BlobException Md5Mismatch(string sent, string computed) => new(400, "Md5Mismatch", "The MD5 value specified in the request did not match with the MD5 value calculated by the server.", ("UserSpecifiedMd5", sent), ("ServerCalculatedMd5", computed));

    /// <summary>Of what was read from a source: without the values (recorded: test_update_page_from_url_and_validate_content_md5).</summary>
    public static BlobException SourceMd5Mismatch() => new(400, "Md5Mismatch", "The MD5 value specified in the request did not match with the MD5 value calculated by the server.");

    public static BlobException InvalidMd5() => new(400, "InvalidMd5", "The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64 encoded.");

    public static BlobException InvalidBlockId() => new(400, "InvalidBlockId", "The specified block ID is invalid. The block ID must be Base64-encoded.");

    public static BlobException InvalidBlockList() => new(400, "InvalidBlockList", "The specified block list is invalid.");

    public static BlobException InvalidBlobOrBlock() => new(400, "InvalidBlobOrBlock", "The specified blob or block content is invalid.");

    public static BlobException PreviousSnapshotNotFound() => new(409, "PreviousSnapshotNotFound", "The previous snapshot is not found.");

    public static BlobException BlobOverwritten() => new(409, "BlobOverwritten", "The blob has been recreated since the previous snapshot was taken.");

    public static BlobException PreviousSnapshotCannotBeNewer() => new(400, "PreviousSnapshotCannotBeNewer", "The prevsnapshot query parameter value cannot be newer than snapshot query parameter value.");

    public static BlobException CannotVerifyCopySource(int status) => new(status, "CannotVerifyCopySource", "Could not verify the copy source within the specified time.");

    public static BlobException SourceConditionNotMet() => new(412, "SourceConditionNotMet", "The source condition specified using HTTP conditional header(s) is not met.");

    public static BlobException NoPendingCopyOperation() => new(409, "NoPendingCopyOperation", "There is currently no pending copy operation.");

    public static BlobException LeaseAlreadyPresent() => new(409, "LeaseAlreadyPresent", "There is already a lease present.");

    public static BlobException LeaseIdMissing(string kind) => new(412, "LeaseIdMissing", $"There is currently a lease on the {kind} and no lease ID was specified in the request.");

    public static BlobException LeaseLost(string kind) => new(412, "LeaseLost", $"A lease ID was specified, but the lease for the {kind} has expired.");

    public static BlobException LeaseNotPresent(string kind) => new(412, $"LeaseNotPresentWith{Capital(kind)}Operation", $"There is currently no lease on the {kind}.");

    public static BlobException LeaseIdMismatch(string kind) => new(412, $"LeaseIdMismatchWith{Capital(kind)}Operation", $"The lease ID specified did not match the lease ID for the {kind}.");

    public static BlobException LeaseNotPresentWithLeaseOperation(string kind) => new(409, "LeaseNotPresentWithLeaseOperation", $"There is currently no lease on the {kind}.");

    public static BlobException LeaseIdMismatchWithLeaseOperation() => new(409, "LeaseIdMismatchWithLeaseOperation", "The lease ID specified did not match the lease ID for the resource with the specified lease operation.");

    public static BlobException LeaseIsBreakingAndCannotBeAcquired() => new(409, "LeaseIsBreakingAndCannotBeAcquired", "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it is broken.");

    public static BlobException LeaseIsBreakingAndCannotBeChanged() => new(409, "LeaseIsBreakingAndCannotBeChanged", "The lease ID matched, but the lease is currently in breaking state and cannot be changed.");

    public static BlobException LeaseIsBrokenAndCannotBeRenewed() => new(409, "LeaseIsBrokenAndCannotBeRenewed", "The lease ID matched, but the lease has been broken explicitly and cannot be renewed.");

    public static BlobException SnapshotCountExceeded() => new(409, "SnapshotCountExceeded", "The snapshot count against this blob has been exceeded.");

    public static BlobException InternalError() => new(500, "InternalError", "The server encountered an internal error. Please retry the request.");

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
