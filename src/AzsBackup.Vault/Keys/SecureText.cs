using System.Runtime.InteropServices;
using System.Security;

namespace AzsBackup.Vault.Keys;

/// <summary>Gets at what was typed without making a string of it, which nobody could overwrite.</summary>
public static class SecureText
{
    /// <summary>The characters, for the caller to overwrite.</summary>
    public static char[] Read(SecureString text)
    {
        char[] characters = new char[text.Length];
        IntPtr native = Marshal.SecureStringToGlobalAllocUnicode(text);
        try
        {
            Marshal.Copy(native, characters, 0, characters.Length);
            return characters;
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(native);
        }
    }
}
