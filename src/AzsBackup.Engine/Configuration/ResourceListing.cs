namespace AzsBackup.Engine.Configuration;

/// <summary>How the resources of a type are had.</summary>
public enum ResourceListing
{
    /// <summary>A list gives whole bodies.</summary>
    Full,

    /// <summary>A list gives ids and little more: each is read by itself.</summary>
    Thin,

    /// <summary>They are listed below the resource they belong to.</summary>
    Child,

    /// <summary>They are part of their parent's body.</summary>
    Inline,

    /// <summary>They are not captured: data, not configuration.</summary>
    None,
}
