using System.Text.RegularExpressions;

namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>One operation of a Swagger document.</summary>
/// <param name="Id">The <c>operationId</c>.</param>
/// <param name="Method">The method, in upper case.</param>
/// <param name="Template">The path template as written.</param>
/// <param name="ApiVersion">The version of the document.</param>
/// <param name="Path">The template as an expression over whole paths.</param>
/// <param name="Responses">By status; <c>default</c> for all others.</param>
/// <param name="Examples">The files of its examples.</param>
internal sealed record SwaggerOperation(
    string Id, string Method, string Template, string ApiVersion, Regex Path, IReadOnlyDictionary<string, SwaggerResponse> Responses,
    IReadOnlyList<string> Examples)
{
    /// <summary>How much of the path is fixed: of two templates that fit, the one that leaves less open is meant.</summary>
    public int Fixed { get; } = Template.Split('/').Count(segment => !segment.StartsWith('{'));
}
