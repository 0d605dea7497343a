using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Deployments.Bicep;

/// <summary>
/// A running <c>bicep jsonrpc --stdio</c>: JSON-RPC 2.0 with <c>Content-Length</c> headers, as the language server protocol frames it.
/// Starting the CLI costs more than a second of a core, a call to one that runs a twentieth of that.
/// </summary>
internal sealed class BicepSession : IDisposable
{
    private readonly Process _process;
    private readonly BufferedStream _answers;
    private int _calls;

    private BicepSession(Process process)
    {
        _process = process;
        _answers = new BufferedStream(process.StandardOutput.BaseStream);
        // Nobody reads what it writes beside its answers, but it must not wait for a reader.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    public bool IsRunning => !_process.HasExited;

    /// <exception cref="ArmException">The executable cannot be started.</exception>
    public static BicepSession Start(string path)
    {
        ProcessStartInfo start = new(path, ["jsonrpc", "--stdio"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        try
        {
            return new BicepSession(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw BicepCli.Unusable(path, exception.Message);
        }
    }

    /// <summary>One call; the caller makes one at a time, and ends the session if a call did not come to its end.</summary>
    /// <returns>The whole answer, with <c>result</c> or <c>error</c>.</returns>
    /// <exception cref="IOException">The process is gone.</exception>
    public async Task<JsonObject> CallAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        JsonObject call = new() { ["jsonrpc"] = "2.0", ["id"] = ++_calls, ["method"] = method, ["params"] = parameters };
        byte[] body = Encoding.UTF8.GetBytes(call.ToJsonString());
        Stream requests = _process.StandardInput.BaseStream;
        await requests.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n")), cancellationToken);
        await requests.WriteAsync(body, cancellationToken);
        await requests.FlushAsync(cancellationToken);
        while (true)
        {
            byte[] answer = new byte[await ReadLengthAsync(cancellationToken)];
            await _answers.ReadExactlyAsync(answer, cancellationToken);
            if (ArmJson.Parse(Encoding.UTF8.GetString(answer)) is JsonObject found && found.Number("id") == _calls)
                return found;
        }
    }

    public void Dispose()
    {
        if (IsRunning)
            _process.Kill(entireProcessTree: true);
        _answers.Dispose();
        _process.Dispose();
    }

    private async Task<int> ReadLengthAsync(CancellationToken cancellationToken)
    {
        int length = -1;
        for (string line = await ReadLineAsync(cancellationToken); line.Length > 0 || length < 0; line = await ReadLineAsync(cancellationToken))
            if (line.Split(':', 2) is [var name, var value] && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(value, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        return length;
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        StringBuilder line = new();
        byte[] next = new byte[1];
        while (true)
        {
            await _answers.ReadExactlyAsync(next, cancellationToken);
            if (next[0] == (byte)'\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)next[0]);
        }
    }
}
