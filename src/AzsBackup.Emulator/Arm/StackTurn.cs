using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Arm;

/// <summary>A piece of work that has the stack to itself. When it is disposed, what it changed is kept in one transaction, and then the next may begin.</summary>
internal sealed class StackTurn : IDisposable
{
    private readonly StackState _stack;
    private readonly bool _isRead;
    private readonly StateChange? _change;

    /// <param name="stack">The stack, whose gate is taken.</param>
    /// <param name="database">Where it is kept.</param>
    /// <param name="isRead">Whether nothing is asked to be changed: then only operations that have become due change anything.</param>
    public StackTurn(StackState stack, StateDatabase? database, bool isRead)
    {
        _stack = stack;
        _isRead = isRead;
        stack.Gate.Enter();
        _change = database?.Begin();
    }

    /// <exception cref="IOException">The state cannot be written.</exception>
    public void Dispose()
    {
        try
        {
            _stack.Facts.Save(mayHaveChanged: !_isRead);
            if (!_isRead)
                _stack.Deployments.Save();
        }
        finally
        {
            try
            {
                _change?.Dispose();
            }
            finally
            {
                _stack.Gate.Exit();
            }
        }
    }
}
