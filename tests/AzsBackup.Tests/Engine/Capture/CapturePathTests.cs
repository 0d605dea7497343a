using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Engine.Capture;

public sealed class CapturePathTests
{
    private const string Group = "/subscriptions/S1/resourceGroups/App";

    [Theory]
    [InlineData(Group, "raw/s1/app/microsoft.resources_resourcegroups/app.json")]
    [InlineData(Group + "/providers/Microsoft.Compute/virtualMachines/Web-1", "raw/s1/app/microsoft.compute_virtualmachines/web-1.json")]
    [InlineData(Group + "/providers/Microsoft.Compute/virtualMachines/Web-1/extensions/Ext", "raw/s1/app/microsoft.compute_virtualmachines_extensions/web-1/ext.json")]
    [InlineData(Group + "/providers/Microsoft.Network/dnszones/a b", "raw/s1/app/microsoft.network_dnszones/a%20b.json")]
    [InlineData("/subscriptions/S1/providers/Microsoft.Authorization/locks/all", "raw/s1/@subscription/microsoft.authorization_locks/all.json")]
    public void For_KnownIds_GivesThesePaths(string id, string expected) => Assert.Equal(expected, CapturePath.For(ResourceId.Parse(id)));

    [Theory]
    [InlineData("con", "%63on.json")]
    [InlineData("Aux", "%61ux.json")]
    [InlineData("com1.disk", "%63om1.disk.json")]
    [InlineData("console", "console.json")]
    public void For_NamesOfWindowsDevices_AreEscaped(string name, string file) => Assert.EndsWith("/" + file, PathOf(name), StringComparison.Ordinal);

    [Fact]
    public void For_DeepAndLongNames_StaysShort()
    {
        var name = new string('n', 79);
        var id = ResourceId.Parse($"/subscriptions/{Guid.Empty}/resourceGroups/{name}/providers/Microsoft.Compute/virtualMachineScaleSets/{name}a/virtualMachines/{name}/extensions/{name}");
        var other = ResourceId.Parse(id.ToString().Replace(name + "a", name + "b", StringComparison.Ordinal));

        Assert.True(CapturePath.For(id).Length <= 230, CapturePath.For(id));
        Assert.NotEqual(CapturePath.For(id), CapturePath.For(other));
    }

    [Fact]
    public void For_LocksOfOneNameOnTwoResources_LieApart() =>
        Assert.NotEqual(CapturePath.For(LockOn("web-1")), CapturePath.For(LockOn("web-2")));

    [Property]
    public Property For_TwoNames_ShareAPathOnlyIfTheyDifferInCase() => Prop.ForAll(Names, Names, (one, other) =>
        string.Equals(PathOf(one), PathOf(other), StringComparison.OrdinalIgnoreCase) == one.Equals(other, StringComparison.OrdinalIgnoreCase));

    [Property]
    public Property For_AnyName_IsSafeOnEveryFileSystem() => Prop.ForAll(Names, name =>
        PathOf(name).Split('/').All(part => part.Length <= 110 && !part.EndsWith('.') && part.All(letter => letter is > ' ' and < (char)127 && !"<>:\"\\|?*".Contains(letter, StringComparison.Ordinal))));

    private static Arbitrary<string> Names =>
        Gen.Elements("aAbB019-_.()%é ~".ToCharArray()).NonEmptyListOf().Select(letters => new string([.. letters])).Where(name => !string.IsNullOrWhiteSpace(name)).ToArbitrary();

    private static string PathOf(string name) => CapturePath.For(ResourceId.Create("s1", "app", "Microsoft.Compute/disks", name));

    private static ResourceId LockOn(string vm) =>
        ResourceId.Parse($"{Group}/providers/Microsoft.Compute/virtualMachines/{vm}/providers/Microsoft.Authorization/locks/keep");
}
