using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Storage;

/// <summary>Whether a storage account may have a name.</summary>
internal static partial class StorageAccountName
{
    /// <summary>First segments of paths that are not accounts, which path-style addresses would hide.</summary>
    private static readonly HashSet<string> Reserved = ["subscriptions", "providers", "tenants", "metadata", "adfs", "common", "organizations"];

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    public static bool IsTaken(StackState stack, string name) =>
        Reserved.Contains(name) || stack.Resources.OfType("Microsoft.Storage/storageAccounts").Any(account => ArmPath.Equal(account.Id.Name, name));

    /// <summary>The body of <c>checkNameAvailability</c>.</summary>
    public static JsonObject Check(StackState stack, string name)
    {
        if (!IsValid(name))
        {
            return new JsonObject
            {
                ["nameAvailable"] = false,
                ["reason"] = "AccountNameInvalid",
                ["message"] = $"{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.",
            };
        }

        return IsTaken(stack, name)
            ? new JsonObject { ["nameAvailable"] = false, ["reason"] = "AlreadyExists", ["message"] = $"The storage account named {name} is already taken." }
            : new JsonObject { ["nameAvailable"] = true };
    }

    [GeneratedRegex("^[a-z0-9]{3,24}$")]
    private static partial Regex Pattern();
}
