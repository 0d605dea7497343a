using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Storage;

/// <summary>Storage accounts as a stamp has them: general purpose v1, locally redundant (docs: azure-stack-acs-differences).</summary>
internal sealed class StorageAccountRoom(StackState stack) : ResourceRoom(stack)
{
    private static readonly string[] Skus = ["Standard_LRS", "Premium_LRS"];

    public override AsyncStyle WriteStyle => AsyncStyle.ResultLocation;

    public override int CreatedStatus => 202;

    public override bool AnswersBody => false;

    public override string OperationsSegment => "asyncoperations";

    public override void Write(ResourceWrite write)
    {
        string name = write.Resource.Id.Name;
        string sku = write.Body.Text("sku", "name") ?? write.Previous?.Text("sku", "name") ?? write.Properties.Text("accountType") ?? "Standard_LRS";
        string kind = write.Body.Text("kind") ?? "Storage";
        if (!write.IsLoading && !ArmPath.Equal(kind, "Storage"))
            throw new ArmException(400, "InvalidRequestPropertyValue", $"The value '{kind}' is not allowed for property kind. The allowed value is 'Storage'.");
        if (!Skus.Contains(sku, StringComparer.OrdinalIgnoreCase))
            sku = write.IsLoading ? "Standard_LRS" : throw new ArmException(400, "InvalidRequestPropertyValue", $"The value '{sku}' is not allowed for property sku.name. The allowed values are '{string.Join(", ", Skus)}'.");
        if (write.IsNew)
        {
            if (!StorageAccountName.IsValid(name))
                throw new ArmException(400, "AccountNameInvalid", $"{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.");
            if (StorageAccountName.IsTaken(Stack, name))
                throw new ArmException(409, "StorageAccountAlreadyTaken", $"The storage account named {name} is already taken.");
        }

        write.Body["sku"] = new JsonObject { ["name"] = sku, ["tier"] = sku.Split('_')[0] };
        write.Body["kind"] = "Storage";
        write.Body.Default("tags", new JsonObject());
        write.Keep("creationTime", () => Now());
        write.Properties["primaryLocation"] = Stack.Location;
        write.Properties["statusOfPrimary"] = "available";
        write.Properties.Default("supportsHttpsTrafficOnly", false);
        CompleteEncryption(write);
        CompleteIdentity(write);
        if (write.IsNew)
        {
            byte[][] keys = [RandomNumberGenerator.GetBytes(64), RandomNumberGenerator.GetBytes(64)];
            Stack.Blobs.AddAccount(name, keys);
            Stack.Accounts[name] = true;
            write.Resource.State = keys;
        }
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        string domain = $"{Stack.Location}.{Stack.Options.Domain}";
        body.Ensure("properties")["primaryEndpoints"] = new JsonObject
        {
            ["blob"] = Stack.BlobUri(resource.Id.Name, "/").AbsoluteUri,
            ["queue"] = $"https://{resource.Id.Name}.queue.{domain}/",
            ["table"] = $"https://{resource.Id.Name}.table.{domain}/",
        };
    }

    public override void AfterDelete(ArmResource resource)
    {
        Stack.Accounts.TryRemove(resource.Id.Name, out _);
        Stack.Blobs.RemoveAccount(resource.Id.Name);
    }

    public override void AfterRestart(ArmResource resource) => Stack.Accounts[resource.Id.Name] = true;

    public override ActionOutcome? Act(ArmResource resource, string action, ArmRequest request) => action.ToUpperInvariant() switch
    {
        "LISTKEYS" => new ActionOutcome(AsyncStyle.None, () => request.IsAtLeast("2016-01-01") ? Keys(resource) : OldKeys(resource)),
        "REGENERATEKEY" => new ActionOutcome(AsyncStyle.None, () => Regenerate(resource, request.RequireBody().Text("keyName") ?? "")),
        _ => null,
    };

    private string Now() => Stack.Now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    /// <summary>Blobs are always encrypted, with the account's own keys, whatever is asked for.</summary>
    private void CompleteEncryption(ResourceWrite write)
    {
        JsonObject encryption = write.Properties.Ensure("encryption");
        encryption.Default("keySource", "Microsoft.Storage");
        JsonObject services = encryption.Ensure("services");
        services.Ensure("blob");
        foreach (JsonObject service in services.Select(pair => pair.Value).OfType<JsonObject>())
        {
            service.Default("keyType", "Account");
            service.Default("enabled", true);
            service.Default("lastEnabledTime", write.Previous?["properties"]?["encryption"]?["services"]?["blob"]?["lastEnabledTime"]?.DeepClone() ?? Now());
        }
    }

    private void CompleteIdentity(ResourceWrite write)
    {
        if (write.Body.Object("identity") is not { } identity || !ArmPath.Equal(identity.Text("type") ?? "", "SystemAssigned"))
            return;
        identity["principalId"] = write.Previous.Text("identity", "principalId") ?? Stack.Ids.NewId();
        identity["tenantId"] = Stack.TenantId;
    }

    private static JsonObject Keys(ArmResource resource) => new()
    {
        ["keys"] = new JsonArray([.. ((byte[][])resource.State!).Select((key, i) => new JsonObject
        {
            ["keyName"] = "key" + (i + 1),
            ["value"] = Convert.ToBase64String(key),
            ["permissions"] = "FULL",
        })]),
    };

    /// <summary>Versions of 2015 answer the two keys by name.</summary>
    private static JsonObject OldKeys(ArmResource resource) =>
        new(((byte[][])resource.State!).Select((key, i) => KeyValuePair.Create("key" + (i + 1), (JsonNode?)Convert.ToBase64String(key))));

    private JsonObject Regenerate(ArmResource resource, string keyName)
    {
        int index = keyName.ToUpperInvariant() switch
        {
            "KEY1" => 0,
            "KEY2" => 1,
            _ => throw new ArmException(400, "InvalidRequestPropertyValue", $"The value '{keyName}' is not allowed for property keyName. The allowed values are 'key1, key2'."),
        };
        byte[][] keys = [.. (byte[][])resource.State!];
        keys[index] = RandomNumberGenerator.GetBytes(64);
        Stack.Blobs.SetKeys(resource.Id.Name, keys);
        resource.State = keys;
        return Keys(resource);
    }
}
