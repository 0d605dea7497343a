using System.Text.Json;

namespace AzsBackup.Emulator.Arm;

/// <summary>What a room keeps beside a body (<see cref="ArmResource.State"/>), in a fact: its type's name and its value as JSON.</summary>
internal sealed record RoomState(string Type, JsonElement Value)
{
    public static RoomState? Of(object? state, JsonSerializerOptions options) => state is null ? null
        : new RoomState(state.GetType().FullName!, JsonSerializer.SerializeToElement(state, state.GetType(), options));

    /// <exception cref="IOException">There is no such type in this version.</exception>
    public object Make(JsonSerializerOptions options)
    {
        Type type = typeof(RoomState).Assembly.GetType(Type) ?? typeof(object).Assembly.GetType(Type)
            ?? throw new IOException($"The state holds a '{Type}', which this version of the emulated stack does not know.");
        return Value.Deserialize(type, options) ?? throw new IOException($"The state holds a '{Type}' that is nothing.");
    }
}
