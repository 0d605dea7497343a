namespace AzsBackup.Tests.Emulator.Pages;

/// <summary>One step of a volume's history. Numbers are taken modulo what there is, so any four make a valid step.</summary>
public sealed record VolumeStep(VolumeAction Action, int Volume, int Page, int Count, byte Value);
