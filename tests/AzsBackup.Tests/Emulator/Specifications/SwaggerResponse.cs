namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>A documented response.</summary>
/// <param name="Body">Its schema, or <see langword="null"/> if it has no body.</param>
/// <param name="Headers">Declared headers.</param>
internal sealed record SwaggerResponse(SwaggerSchema? Body, IReadOnlyDictionary<string, SwaggerSchema> Headers);
