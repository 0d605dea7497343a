using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace AzsBackup.Emulator.Arm;

/// <summary>Pages of a list.</summary>
internal static class ListPage
{
    /// <summary>One page, with a <c>nextLink</c> if there is more. <c>$top</c> may ask for fewer than <paramref name="size"/> items.</summary>
    /// <param name="request">The request, with the token of its page.</param>
    /// <param name="size">The most items of a page.</param>
    /// <param name="items">All items, in order.</param>
    /// <param name="view">How an item is shown.</param>
    /// <param name="endsEmpty">Whether the last page is one without items, which clients have to expect of any list.</param>
    public static ArmResponse Of<T>(ArmRequest request, int size, IEnumerable<T> items, Func<T, JsonObject> view, bool endsEmpty = false)
    {
        if (int.TryParse(request.Query["$top"], NumberStyles.None, CultureInfo.InvariantCulture, out int top) && top > 0)
            size = Math.Min(size, top);
        List<T> rest = [.. items];
        int start = ReadToken(request.Query["$skiptoken"].ToString());
        JsonObject body = new() { ["value"] = new JsonArray([.. rest.Skip(start).Take(size).Select(view)]) };
        if (start + size < rest.Count)
            body["nextLink"] = NextLink(request, start + size);
        else if (endsEmpty && (start < rest.Count || start == 0))
            body["nextLink"] = NextLink(request, Math.Max(1, rest.Count));
        return ArmResponse.Ok(body);
    }

    private static int ReadToken(string token)
    {
        if (token.Length == 0)
            return 0;
        try
        {
            return int.Parse(Encoding.ASCII.GetString(Convert.FromBase64String(token)), NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            throw new ArmException(400, "InvalidSkipToken", "The provided value for the query string parameter '$skiptoken' is not valid.");
        }
    }

    private static string NextLink(ArmRequest request, int start)
    {
        StringBuilder link = new(request.BaseUri.GetLeftPart(UriPartial.Authority) + request.Path.Text + "?");
        foreach ((string name, StringValues value) in request.Query)
            if (!name.Equals("$skiptoken", StringComparison.OrdinalIgnoreCase))
                link.Append(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value.ToString())}&");
        string token = Convert.ToBase64String(Encoding.ASCII.GetBytes(start.ToString(CultureInfo.InvariantCulture)));
        return link.Append(CultureInfo.InvariantCulture, $"%24skiptoken={Uri.EscapeDataString(token)}").ToString();
    }
}
