using System.Security.Cryptography;

namespace AzsBackup.Vault.Keys;

/// <summary>
/// A recovery key as people print and type it (FORMAT.md §3): 14 groups of five characters, the last of each a check
/// character, so that a typo is told with the group it is in.
/// </summary>
internal static class RecoveryKeyText
{
    /// <summary>How many groups a key has.</summary>
    public const int Groups = 14;

    /// <summary>How many characters a group has, its check character included.</summary>
    public const int GroupLength = 5;

    private const int GroupsPerLine = 7;
    private const int CheckLength = 3;

    // Crockford's base32: no I, L, O and U.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Writes a key in two lines of seven groups, without a line feed at the end.</summary>
    public static char[] Write(ReadOnlySpan<byte> key)
    {
        Span<byte> bytes = stackalloc byte[VaultKeys.Length + CheckLength];
        WithCheck(key, bytes);
        char[] text = new char[Groups * (GroupLength + 1) - 1];
        Span<int> digits = stackalloc int[GroupLength];
        for (int group = 0; group < Groups; group++)
        {
            for (int i = 0; i < GroupLength - 1; i++)
                digits[i] = Digit(bytes, group * (GroupLength - 1) + i);
            digits[^1] = Check(digits, group);
            for (int i = 0; i < GroupLength; i++)
                text[group * (GroupLength + 1) + i] = Alphabet[digits[i]];
            if (group < Groups - 1)
                text[group * (GroupLength + 1) + GroupLength] = group % GroupsPerLine == GroupsPerLine - 1 ? '\n' : '-';
        }

        bytes.Clear();
        return text;
    }

    /// <summary>
    /// Reads a key as somebody typed it: capitals or not, with any hyphens and spaces, O for 0, I or L for 1.
    /// </summary>
    /// <returns>The key's 32 bytes, for the caller to overwrite.</returns>
    /// <exception cref="Model.AzsException"><c>RecoveryKeyInvalid</c>; says where the typo is, never what was typed.</exception>
    public static byte[] Read(ReadOnlySpan<char> text)
    {
        Span<int> digits = stackalloc int[Groups * GroupLength];
        Span<byte> bytes = stackalloc byte[VaultKeys.Length + CheckLength];
        try
        {
            int count = 0;
            foreach (char character in text)
            {
                if (character == '-' || char.IsWhiteSpace(character))
                    continue;
                int digit = DigitOf(character);
                if (digit < 0)
                    throw VaultErrors.RecoveryKeyInvalid($"group {count / GroupLength + 1} has a character that no recovery key has.");
                if (count < digits.Length)
                    digits[count] = digit;
                count++;
            }

            for (int group = 0; group < Math.Min(Groups, count / GroupLength); group++)
            {
                var one = digits.Slice(group * GroupLength, GroupLength);
                if (one[^1] != Check(one, group))
                    throw VaultErrors.RecoveryKeyInvalid($"there is a typo in group {group + 1}.");
            }

            if (count != digits.Length)
                throw VaultErrors.RecoveryKeyInvalid($"it has {count} characters instead of {digits.Length}.");
            for (int i = 0; i < Groups * (GroupLength - 1); i++)
                Set(bytes, i, digits[i / (GroupLength - 1) * GroupLength + i % (GroupLength - 1)]);
            Span<byte> expected = stackalloc byte[VaultKeys.Length + CheckLength];
            WithCheck(bytes[..VaultKeys.Length], expected);
            bool right = expected.SequenceEqual(bytes);
            expected.Clear();
            return right
                ? bytes[..VaultKeys.Length].ToArray()
                : throw VaultErrors.RecoveryKeyInvalid("its groups do not belong together.");
        }
        finally
        {
            digits.Clear();
            bytes.Clear();
        }
    }

    /// <summary>Whether this line of a file holds groups of a key and nothing else.</summary>
    public static bool IsKeyLine(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        if (line.Length < 2 * GroupLength + 1 || (line.Length + 1) % (GroupLength + 1) != 0)
            return false;
        for (int i = 0; i < line.Length; i++)
        {
            bool separates = i % (GroupLength + 1) == GroupLength;
            if (separates ? line[i] != '-' : DigitOf(line[i]) < 0)
                return false;
        }

        return true;
    }

    private static void WithCheck(ReadOnlySpan<byte> key, Span<byte> bytes)
    {
        key.CopyTo(bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        hash[..CheckLength].CopyTo(bytes[VaultKeys.Length..]);
    }

    /// <summary>Odd weights: any one wrong character changes the sum, whatever it was.</summary>
    private static int Check(ReadOnlySpan<int> digits, int group) => (digits[0] + 3 * digits[1] + 5 * digits[2] + 7 * digits[3] + group) % 32;

    private static int Digit(ReadOnlySpan<byte> bytes, int number)
    {
        int digit = 0;
        for (int bit = number * 5; bit < number * 5 + 5; bit++)
            digit = digit * 2 + (bytes[bit / 8] >> (7 - bit % 8) & 1);
        return digit;
    }

    private static void Set(Span<byte> bytes, int number, int digit)
    {
        for (int i = 0; i < 5; i++)
        {
            int bit = number * 5 + i;
            bytes[bit / 8] |= (byte)((digit >> (4 - i) & 1) << (7 - bit % 8));
        }
    }

    private static int DigitOf(char character) => char.ToUpperInvariant(character) switch
    {
        'O' => 0,
        'I' or 'L' => 1,
        var other => Alphabet.IndexOf(other, StringComparison.Ordinal),
    };
}
