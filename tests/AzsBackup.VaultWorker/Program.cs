using System.Globalization;
using AzsBackup.Model;
using AzsBackup.VaultWorker;

// FOLDER COPY SEED: works until killed.  backup FOLDER SEED: one backup; says how it failed.
if (args is ["backup", var vaultFolder, var streamSeed])
{
    try
    {
        using var store = new AzsBackup.Vault.Stores.FolderStore(vaultFolder);
        var (vault, _) = await Worker.OpenAsync(store, CancellationToken.None);
        using (vault)
            Console.WriteLine($"published {await Worker.BackUpAsync(vault, int.Parse(streamSeed, CultureInfo.InvariantCulture), CancellationToken.None)}");
        return 0;
    }
    catch (AzsException exception)
    {
        Console.WriteLine($"failed {exception.Kind} {exception.ErrorId}");
        return 1;
    }
}

Console.WriteLine("ready");
await new Worker(args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture), Console.Out).RunAsync(CancellationToken.None);
return 0;
