using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Providers;
using AzsBackup.Emulator.Estates;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Estates;

/// <summary>
/// Templates of strangers, as <c>bicep snapshot</c> resolves them, are estates. Nineteen of twenty load or deploy: that needs the
/// Bicep CLI, and is shown by <see cref="Deployments.StrangersTemplateTests"/>.
/// </summary>
public sealed class StrangersEstateTests(ITestOutputHelper output)
{
    [Fact]
    public void Load_SnapshotsOfTemplatesOfTheProfilesTypes_NineOfTenAreEstates()
    {
        ProviderCatalog catalog = ProviderCatalog.Load("local");
        Dictionary<string, string> failures = [];
        int foreign = 0;
        int count = 0;
        foreach (StrangersTemplate template in StrangersTemplate.All())
        {
            if (template.Types().FirstOrDefault(type => catalog.Find(type) is null) is { } unknown)
            {
                output.WriteLine($"not of the profile: {template.Name}: {unknown}");
                foreign++;
                continue;
            }

            count++;
            using BareStack stack = new();
            try
            {
                stack.Load(template.Resolved, StackHost.Cancel);
                Assert.True(Holds(stack, template), template.Name);
            }
            catch (EstateException exception)
            {
                failures[template.Name] = exception.Message.Replace(template.Folder, "…", StringComparison.Ordinal);
            }
        }

        output.WriteLine($"{count - failures.Count} of {count} templates of the profile's types load as an estate; {foreign} have other types.");
        HeldFailures.AssertHeld("strangers-estates.json", failures);
        Assert.True(count >= 100 && failures.Count * 10 <= count, $"{failures.Count} of {count} failed.");
    }

    private static bool Holds(BareStack stack, StrangersTemplate template)
    {
        EstateResource[] resources = [.. EstateResource.ReadAll((System.Text.Json.Nodes.JsonObject)ArmJson.Parse(File.ReadAllText(template.Resolved))!, template.Name, stack.State.SubscriptionScope)];
        EmbeddedChildren embedded = new();
        return resources.All(resource => ArmId.Parse(resource.Id) is { } id && (embedded.ArrayOf(id.Type) is not null || stack.State.Resources.TryGet(id, out _)));
    }
}
