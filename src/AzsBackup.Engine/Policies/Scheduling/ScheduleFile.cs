using System.Text;

namespace AzsBackup.Engine.Policies.Scheduling;

/// <summary>A file of a schedule.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Content">Its text, with line feeds.</param>
/// <param name="Encoding">How it is written.</param>
public sealed record ScheduleFile(string Name, string Content, Encoding Encoding);
