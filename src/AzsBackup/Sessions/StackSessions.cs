using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Sessions;

/// <summary>
/// The open connections of this process, shared by its runspaces and jobs. Safe for concurrent use. A connection that is closed
/// or replaced is only forgotten: a job may still be working with it, and must be able to clean up behind itself.
/// </summary>
internal sealed class StackSessions
{
    private readonly List<IStack> _stacks = [];
    private readonly object _gate = new();
    private IStack? _default;

    /// <summary>The one list.</summary>
    public static StackSessions OfProcess { get; } = new();

    /// <summary>The open connections, oldest first.</summary>
    public IReadOnlyList<AzsStackConnection> Connections
    {
        get
        {
            lock (_gate) return _stacks.ConvertAll(stack => stack.Connection with { IsDefault = stack == _default });
        }
    }

    /// <summary>Adds a connection, which becomes the default; one of the same name to the same endpoint is replaced.</summary>
    /// <exception cref="AzsException"><c>StackNameTaken</c>: the name belongs to a connection with another endpoint.</exception>
    public AzsStackConnection Open(IStack stack)
    {
        lock (_gate)
        {
            if (Find(stack.Connection.Name) is { } namesake)
            {
                if (namesake.Connection.ArmEndpoint != stack.Connection.ArmEndpoint) throw NameTaken(namesake.Connection);
                _stacks.Remove(namesake);
            }

            _stacks.Add(stack);
            _default = stack;
            return stack.Connection with { IsDefault = true };
        }
    }

    /// <summary>Closes a connection. If one is left, it becomes the default; of several, none does: the next command must name one.</summary>
    public void Close(AzsStackConnection connection)
    {
        lock (_gate)
        {
            var stack = Live(connection);
            _stacks.Remove(stack);
            if (stack == _default) _default = _stacks.Count == 1 ? _stacks[0] : null;
        }
    }

    /// <summary>The stack to work with: the one chosen, or the default.</summary>
    /// <exception cref="AzsException"><c>StackNotConnected</c>, <c>StackNotChosen</c>.</exception>
    public IStack Resolve(AzsStackConnection? chosen)
    {
        lock (_gate)
        {
            if (chosen is not null) return Live(chosen);
            if (_default is not null) return _default;
            throw _stacks.Count == 0
                ? NotConnected("No stack is connected.", null)
                : new AzsException(
                    AzsErrorKind.InvalidInput,
                    "StackNotChosen",
                    $"Several stacks are connected and none is the default: {Names()}.",
                    "Name one with -Stack.");
        }
    }

    /// <summary>The connection of a name, whatever its case.</summary>
    /// <exception cref="AzsException"><c>StackNotConnected</c>.</exception>
    public AzsStackConnection Named(string name)
    {
        lock (_gate)
        {
            if (Find(name) is { } stack) return stack.Connection with { IsDefault = stack == _default };
            throw NotConnected($"No stack is connected by the name '{name}'{(_stacks.Count == 0 ? "" : $"; connected: {Names()}")}.", name);
        }
    }

    private IStack Live(AzsStackConnection connection) =>
        Find(connection.Name) is { } stack && stack.Connection.ArmEndpoint == connection.ArmEndpoint
            ? stack
            : throw NotConnected($"The connection '{connection.Name}' is no longer open.", connection.Name);

    private IStack? Find(string name) =>
        _stacks.Find(stack => stack.Connection.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private string Names() => string.Join(", ", _stacks.Select(stack => stack.Connection.Name));

    private static AzsException NotConnected(string message, string? target) => new(
        AzsErrorKind.NotFound, "StackNotConnected", message, "Connect with Connect-AzsStack; Get-AzsStack lists what is connected.", target);

    private static AzsException NameTaken(AzsStackConnection namesake) => new(
        AzsErrorKind.AlreadyExists,
        "StackNameTaken",
        $"The name '{namesake.Name}' belongs to the connection with {namesake.ArmEndpoint}.",
        "Give this one another name with -Name, or disconnect that one first.",
        namesake.Name);
}
