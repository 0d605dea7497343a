using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Identity;

/// <summary>Sign-ins by device code, and the page where their users enter the code (RFC 8628).</summary>
internal sealed class DeviceSignIns(StackState stack, SignInNames names, PrincipalDirectory directory)
{
    private const int LifetimeSeconds = 900;
    private readonly Lock _gate = new();
    private readonly FactTable<DeviceSignIn> _facts = stack.Table<DeviceSignIn>("device sign-in");
    private readonly Dictionary<string, DeviceSignIn> _waiting = new(stack.Table<DeviceSignIn>("device sign-in").Load(), StringComparer.Ordinal);

    private Uri Page => new(names.Endpoint, names.IsAdfs ? "adfs/oauth2/deviceauth" : "common/oauth2/deviceauth");

    public JsonObject Begin(string clientId, string audience)
    {
        DeviceSignIn signIn = new(
            RandomNumberGenerator.GetHexString(64, lowercase: true), RandomNumberGenerator.GetString("BCDFGHJKLMNPQRSTVWXZ", 9), clientId, audience, stack.Now.AddSeconds(LifetimeSeconds));
        lock (_gate)
        {
            foreach (DeviceSignIn old in _waiting.Values.Where(old => old.ExpiresAt <= stack.Now).ToList())
                Forget(old);
            Keep(signIn);
        }

        return new JsonObject
        {
            ["user_code"] = signIn.UserCode,
            ["device_code"] = signIn.DeviceCode,
            ["verification_uri"] = Page.AbsoluteUri,
            ["verification_url"] = Page.AbsoluteUri,
            ["expires_in"] = LifetimeSeconds,
            ["interval"] = 1,
            ["message"] = $"To sign in, use a web browser to open the page {Page.AbsoluteUri} and enter the code {signIn.UserCode} to authenticate.",
        };
    }

    /// <summary>The sign-in of a device code and its user, once the code was entered; it can be redeemed once.</summary>
    /// <exception cref="OAuthException">The user has not yet, or has declined, or the code is unknown or expired.</exception>
    public (DeviceSignIn SignIn, Principal User) Redeem(string deviceCode, string clientId)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(deviceCode, out DeviceSignIn? signIn) || signIn.ClientId != clientId)
                throw new OAuthException(400, names.IsAdfs ? "invalid_grant" : "bad_verification_code", names.IsAdfs ? "MSIS9604: The device code is not valid." : "AADSTS70018: Bad verification code.");
            if (signIn.ExpiresAt <= stack.Now)
                throw new OAuthException(400, names.IsAdfs ? "expired_token" : "code_expired", names.IsAdfs ? "MSIS9605: The device code has expired." : "AADSTS70020: The provided value for the input parameter 'device_code' is expired.");
            if (signIn.IsDeclined)
                throw new OAuthException(400, "authorization_declined", "AADSTS70017: The user has declined the sign-in.");
            if (directory.Find(signIn.SignInName) is not { } user)
                throw new OAuthException(400, "authorization_pending", "AADSTS70016: OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
            Forget(signIn);
            return (signIn, user);
        }
    }

    /// <summary>The page of the user's browser: a form, and what becomes of it.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        string answer = "";
        if (context.Request.HasFormContentType)
        {
            IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
            answer = Enter(form["user_code"].ToString(), form["username"].ToString(), form["password"].ToString(), form["decline"].Count > 0);
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync($"""
            <!doctype html>
            <title>Sign in with a code</title>
            <p>{HtmlEncoder.Default.Encode(answer)}</p>
            <form method="post">
            <p><label>Code <input name="user_code"></label></p>
            <p><label>User <input name="username"></label></p>
            <p><label>Password <input name="password" type="password"></label></p>
            <p><button>Sign in</button> <button name="decline" value="1">Decline</button></p>
            </form>
            """, context.RequestAborted);
    }

    private void Keep(DeviceSignIn signIn)
    {
        _waiting[signIn.DeviceCode] = signIn;
        _facts.Set(signIn.DeviceCode, signIn);
    }

    private void Forget(DeviceSignIn signIn)
    {
        _waiting.Remove(signIn.DeviceCode);
        _facts.Remove(signIn.DeviceCode);
    }

    private string Enter(string userCode, string userName, string password, bool isDeclined)
    {
        lock (_gate)
        {
            DeviceSignIn? signIn = _waiting.Values.FirstOrDefault(waiting => waiting.UserCode.Equals(userCode.Trim(), StringComparison.OrdinalIgnoreCase) && waiting.ExpiresAt > stack.Now);
            if (signIn is null)
                return "That code is not known, or has expired.";
            if (directory.Find(userName) is not { Kind: PrincipalKind.User } user || !user.HasSecret(password))
                return "The user name or the password is wrong.";
            Keep(signIn with { IsDeclined = isDeclined, SignInName = isDeclined ? null : user.SignInName });
            return isDeclined ? "The sign-in was declined." : "You have signed in on your device. You may close this window.";
        }
    }
}
