using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Formatting;

public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("Bytes(0)", "0 B")]
    [InlineData("Bytes(1023)", "1023 B")]
    [InlineData("Bytes(1024)", "1 KiB")]
    [InlineData("Bytes(1536)", "1.5 KiB")]
    [InlineData("Bytes(1MB - 1)", "1 MiB")]
    [InlineData("Bytes(127GB)", "127 GiB")]
    [InlineData("Bytes(1023GB)", "1023 GiB")]
    [InlineData("Bytes(99.97GB)", "100 GiB")]
    [InlineData("Bytes([long]::MaxValue)", "8 EiB")]
    [InlineData("Utc([datetime]'2026-01-02T03:04:05')", "2026-01-02 03:04:05")]
    [InlineData("Utc($null)", "")]
    [InlineData("Duration('00:00:00.43')", "0.4 s")]
    [InlineData("Duration('00:00:42')", "42 s")]
    [InlineData("Duration('00:00:59.9')", "1 m 00 s")]
    [InlineData("Duration('00:03:07')", "3 m 07 s")]
    [InlineData("Duration('02:05:59')", "2 h 05 m")]
    [InlineData("Duration('3.04:00:00')", "3 d 04 h")]
    [InlineData("Duration($null)", "")]
    [InlineData("Value($null)", "")]
    [InlineData("Value('a \"text\"')", "a \"text\"")]
    [InlineData("Value(1.5)", "1.5")]
    [InlineData("Value($true)", "true")]
    [InlineData("Value(@('a\\', 2, $null, [char]10))", """["a\\",2,null,"\u000a"]""")]
    [InlineData("Value(@{ a = @(1, 'two'); })", """{"a":[1,"two"]}""")]
    public void Value_AsPeopleReadIt(string call, string text)
    {
        using var host = ModuleHost.WithModule();
        Assert.Equal([text], host.Invoke($"[AzsBackup.Formatting.DisplayText]::{call}").Succeeded());
    }
}
