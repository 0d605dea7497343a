using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AzsBackup.Tests")]
