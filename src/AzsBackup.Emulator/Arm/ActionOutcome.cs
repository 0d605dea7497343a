using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Arm;

/// <summary>What a POST on a resource leads to.</summary>
/// <param name="Style">How it goes on after the answer.</param>
/// <param name="Complete">Gives the result: at once if <paramref name="Style"/> is <see cref="AsyncStyle.None"/>, else when the operation is due.</param>
internal sealed record ActionOutcome(AsyncStyle Style, Func<JsonNode?> Complete);
