namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>One point in which an answer is not what the specification says.</summary>
/// <param name="Operation">The <c>operationId</c>.</param>
/// <param name="Rule">What is broken: status, body, type, required, undeclared, enum, format, pattern, range, secret or header.</param>
/// <param name="Place">Where the specification says so: the definition and the property, or the operation and the status or header.</param>
/// <param name="Pointer">Where in the body, as a JSON pointer with <c>*</c> for every array index; empty for what is not in it.</param>
/// <param name="Detail">What was found and what was wanted.</param>
internal sealed record Violation(string Operation, string Rule, string Place, string Pointer, string Detail)
{
    public override string ToString() => $"{Operation}: {Rule} at {Place} ({Pointer}): {Detail}";
}
