using System.Globalization;
using AzsBackup.Engine.Inventory;
using AzsBackup.Engine.Inventory.Topology;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Inventory.Topology;

public sealed class TopologyLayoutTests
{
    [Theory]
    [InlineData(12, "", "en")]
    [InlineData(60, "", "ja")]
    [InlineData(200, "", "en")]
    [InlineData(200, "A-Very-Long-Name-MWMWMWMWMW-長い名前の仮想マシン-", "ja")]
    [InlineData(2000, "", "en")]
    public async Task Draw_AnyTenant_OverlapsNowhere(int resources, string prefix, string language) =>
        Check(await DrawAsync(SampleTenant.Build(resources, prefix), language));

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(13)]
    public async Task Draw_ManyLoadBalancersInOneNetwork_OverlapsNowhere(int balancers)
    {
        const string type = "Microsoft.Network/loadBalancers";
        var network = CaptureBuilder.Id("g", "Microsoft.Network/virtualNetworks", "v");
        var subnets = Enumerable.Range(0, 4).Select(number => $"s{number}").ToList();
        var capture = new CaptureBuilder().Add(network, new { properties = new { subnets = subnets.Select((name, number) => new { name, properties = new { addressPrefix = $"10.0.{number}.0/24" } }).ToArray() } });
        for (var balancer = 0; balancer < balancers; balancer++)
        {
            var id = CaptureBuilder.Id("g", type, $"lb-{balancer:00}");
            capture.Add(id, new { properties = new { frontendIPConfigurations = new[] { new { name = "f", properties = new { privateIPAddress = $"10.0.0.{10 + balancer}", subnet = new { id = $"{network}/subnets/s0" } } } } } });
            foreach (var subnet in subnets.Skip(balancer % 3))
            {
                capture.Add(CaptureBuilder.Id("g", "Microsoft.Network/networkInterfaces", $"nic-{balancer}-{subnet}"), new
                {
                    properties = new { ipConfigurations = new[] { new { name = "c", properties = new { subnet = new { id = $"{network}/subnets/{subnet}" }, loadBalancerBackendAddressPools = new[] { new { id = $"{id}/backendAddressPools/p" } } } } } },
                });
            }
        }

        var drawing = await DrawAsync(capture, "en");
        Check(drawing);
        Assert.Equal(Math.Min(balancers, 6), drawing.Lines.Count);
    }

    private static void Check(TopologyDrawing drawing)
    {
        var texts = new List<TopologyText>();
        CheckApart(drawing.Boxes);
        foreach (var box in drawing.Boxes)
        {
            Assert.InRange(box.X, 0, drawing.Width - box.Width);
            Assert.InRange(box.Y, 0, drawing.Height - box.Height);
            CheckInside(box, texts);
        }

        Assert.NotEmpty(texts);
        var chips = drawing.Boxes.SelectMany(network => network.Boxes).SelectMany(box => box.Boxes.Count > 0 ? box.Boxes : [box]).ToList();
        foreach (var (x1, y1, x2, y2) in drawing.Lines.SelectMany(line => line.Pieces))
        {
            Assert.InRange(Math.Min(x1, x2), 0, drawing.Width);
            Assert.InRange(Math.Max(x1, x2), 0, drawing.Width);
            Assert.True(x1 == x2 || y1 == y2);
            Assert.DoesNotContain(texts, text => text.X < Math.Max(x1, x2) && Math.Min(x1, x2) < text.X + text.Width && text.Top < Math.Max(y1, y2) && Math.Min(y1, y2) < text.Bottom);
            Assert.DoesNotContain(chips, chip => chip.X < Math.Max(x1, x2) && Math.Min(x1, x2) < chip.Right && chip.Y < Math.Max(y1, y2) && Math.Min(y1, y2) < chip.Bottom);
        }
    }

    [Fact]
    public async Task Draw_ManyMachines_AreDrawnTogether()
    {
        var drawing = await DrawAsync(SampleTenant.Build(2000), "en");
        Assert.All(drawing.Boxes.SelectMany(network => network.Boxes).Where(box => box.Style == "subnet"), subnet => Assert.InRange(subnet.Boxes.Count, 0, 18));
        Assert.Contains(drawing.Boxes.SelectMany(network => network.Boxes).SelectMany(subnet => subnet.Boxes), chip => chip.Title.Contains(" × ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Draw_TheSameTenant_IsTheSameDrawing()
    {
        var one = await DrawAsync(SampleTenant.Build(200), "en");
        var other = await DrawAsync(SampleTenant.Build(200), "en");
        Assert.Equal(Flat(one.Boxes).ToList(), Flat(other.Boxes).ToList());
    }

    [Fact]
    public async Task Draw_NoNetwork_HasNothing() => Assert.Empty((await DrawAsync(new CaptureBuilder(), "en")).Boxes);

    private static async Task<TopologyDrawing> DrawAsync(CaptureBuilder capture, string language) =>
        new InventoryReport(await capture.ReadAsync(), null, null, CultureInfo.GetCultureInfo(language)).Draw();

    private static void CheckInside(TopologyBox box, List<TopologyText> texts)
    {
        CheckApart(box.Boxes);
        foreach (var inner in box.Boxes)
        {
            Assert.True(box.X <= inner.X && inner.Right <= box.Right && box.Y <= inner.Y && inner.Bottom <= box.Bottom, inner.Title);
            CheckInside(inner, texts);
        }

        foreach (var text in box.Texts)
        {
            Assert.True(box.X <= text.X && text.X + text.Width <= box.Right && box.Y <= text.Top && text.Bottom <= box.Bottom, text.Text);
            Assert.DoesNotContain(box.Boxes, inner => inner.X < text.X + text.Width && text.X < inner.Right && inner.Y < text.Bottom && text.Top < inner.Bottom);
            Assert.DoesNotContain(texts, other => other.X < text.X + text.Width && text.X < other.X + other.Width && other.Top < text.Bottom && text.Top < other.Bottom);
            texts.Add(text);
        }
    }

    private static void CheckApart(IReadOnlyList<TopologyBox> boxes)
    {
        for (var one = 0; one < boxes.Count; one++)
        {
            for (var other = one + 1; other < boxes.Count; other++)
            {
                var (a, b) = (boxes[one], boxes[other]);
                Assert.False(a.X < b.Right && b.X < a.Right && a.Y < b.Bottom && b.Y < a.Bottom, $"{a.Title} / {b.Title}");
            }
        }
    }

    private static IEnumerable<(string, double, double, double, double)> Flat(IEnumerable<TopologyBox> boxes) =>
        boxes.SelectMany(box => Flat(box.Boxes).Prepend((box.Title, box.X, box.Y, box.Width, box.Height)));
}
