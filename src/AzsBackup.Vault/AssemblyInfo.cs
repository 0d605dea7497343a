using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AzsBackup.Tests")]
[assembly: InternalsVisibleTo("AzsBackup.VaultWorker")]
