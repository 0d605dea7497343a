namespace AzsBackup.Engine.Comparison;

/// <summary>A kind of step in a <see cref="DifferencePath"/>.</summary>
public enum DifferencePathStep
{
    /// <summary>No step: the body itself.</summary>
    Root,

    /// <summary>To a property of an object.</summary>
    Property,

    /// <summary>To the item of a list that has a certain name or id.</summary>
    Item,

    /// <summary>To the item at a certain place in a list.</summary>
    Index,
}
