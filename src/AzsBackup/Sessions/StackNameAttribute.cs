using System.Management.Automation;
using AzsBackup.Model;

namespace AzsBackup.Sessions;

/// <summary>Lets a parameter that takes connections take their names as well.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StackNameAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            string name => Named(name),
            object[] several => Array.ConvertAll(several, item => Transform(engineIntrinsics, item)),
            _ => value,
        };
    }

    private static AzsStackConnection Named(string name)
    {
        try
        {
            return StackSessions.OfProcess.Named(name);
        }
        catch (AzsException failure)
        {
            throw new ArgumentTransformationMetadataException($"{failure.Message} {failure.NextStep}", failure);
        }
    }
}
