namespace AzsBackup.Model;

/// <summary>What sort of failure an <see cref="AzsException"/> is. Commands map each kind to one PowerShell error category.</summary>
public enum AzsErrorKind
{
    /// <summary>A value the caller gave can't be used as it is.</summary>
    InvalidInput,

    /// <summary>The named thing does not exist.</summary>
    NotFound,

    /// <summary>The thing to be made exists already.</summary>
    AlreadyExists,

    /// <summary>Sign-in was refused, or a vault's key does not fit.</summary>
    AuthenticationFailed,

    /// <summary>Signed in, but without the right to do this.</summary>
    PermissionDenied,

    /// <summary>The other side could not be reached.</summary>
    ConnectionFailed,

    /// <summary>The other side's certificate is not trusted.</summary>
    CertificateUntrusted,

    /// <summary>Somebody else holds the thing: a lock, a lease, an export, a run.</summary>
    Busy,

    /// <summary>Stored data is damaged, or is not what it claims to be.</summary>
    DataDamaged,

    /// <summary>Written by a newer version, or a feature this stack lacks.</summary>
    NotSupported,

    /// <summary>A quota, capacity or request limit was reached.</summary>
    LimitExceeded,

    /// <summary>Reading from or writing to storage failed.</summary>
    StorageFailed,

    /// <summary>An operation did not end in time.</summary>
    TimedOut,

    /// <summary>The stack answered with an error that has no kind of its own here.</summary>
    RemoteFailed,
}
