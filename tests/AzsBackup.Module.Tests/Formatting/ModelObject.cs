using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace AzsBackup.Module.Tests.Formatting;

/// <summary>Makes the objects that commands emit, of the very types the module has loaded: this project may not reference them.</summary>
internal static class ModelObject
{
    public static IEnumerable<Type> Types => AssemblyLoadContext.Default.Assemblies
        .Single(assembly => assembly.GetName().Name == "AzsBackup.Model").GetExportedTypes();

    public static object Make(string typeName, params (string Property, object? Value)[] values)
    {
        var type = Types.Single(type => type.Name == typeName);
        var made = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var (name, value) in values)
        {
            var property = type.GetProperty(name)!;
            property.SetValue(made, value is object[] several ? Several(property.PropertyType, several) : LanguagePrimitives.ConvertTo(value, property.PropertyType, null));
        }

        return made;
    }

    private static Array Several(Type listType, object[] items)
    {
        var array = Array.CreateInstance(listType.GetGenericArguments()[0], items.Length);
        items.CopyTo(array, 0);
        return array;
    }
}
