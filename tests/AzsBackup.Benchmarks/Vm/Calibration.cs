using System.Security.Cryptography;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>
/// What a second of processor time is worth at the moment: on a machine whose threads share cores, or that is shared itself,
/// it is worth less the more others work.
/// </summary>
internal static class Calibration
{
    private const int Pieces = 128;

    /// <returns>10^6 bytes hashed for each second of processor time.</returns>
    public static double Measure()
    {
        byte[] piece = new byte[4 << 20];
        new Random(1).NextBytes(piece);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(piece, hash);
        var before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Pieces; i++)
            SHA256.HashData(piece, hash);
        return (double)Pieces * piece.Length / 1e6 / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
