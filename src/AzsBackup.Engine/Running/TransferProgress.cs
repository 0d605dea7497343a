namespace AzsBackup.Engine.Running;

/// <summary>Where the transfer of one VM stands.</summary>
/// <param name="Subject">The VM's name.</param>
/// <param name="Activity">What is being done, for example <c>Backing up</c>.</param>
/// <param name="BytesDone">Bytes dealt with so far.</param>
/// <param name="BytesTotal">Bytes to deal with; 0 while unknown.</param>
/// <param name="Elapsed">Time since the transfer began.</param>
/// <param name="Finished">Whether this is the last word on the subject.</param>
public sealed record TransferProgress(
    string Subject, string Activity, long BytesDone, long BytesTotal, TimeSpan Elapsed, bool Finished = false)
{
    /// <summary>The share done, from 0 to 100.</summary>
    public int Percent => BytesTotal <= 0 ? 0 : (int)Math.Clamp(BytesDone * 100 / BytesTotal, 0, 100);

    /// <summary>The mean rate so far, in bytes a second.</summary>
    public double BytesPerSecond => Elapsed > TimeSpan.Zero ? BytesDone / Elapsed.TotalSeconds : 0;
}
