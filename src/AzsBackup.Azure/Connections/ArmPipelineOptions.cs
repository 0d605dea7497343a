using Azure.Core;

namespace AzsBackup.Azure.Connections;

/// <summary>A pipeline's options with nothing of a particular service.</summary>
internal sealed class ArmPipelineOptions : ClientOptions;
