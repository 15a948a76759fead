using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>The refresh token in a cookie that scripts cannot read, for web apps. A cookie travels by itself, so whoever uses it has to show that the request
/// comes from a page of ours: by a header that other sites cannot send without being asked first, and by the browser's word for where it comes from.</summary>
internal static class RefreshCookie
{
    public const string Name = "metersync_refresh";
    public const string ProofHeader = "X-Requested-With";
    private const string Path = "/api/v1/auth";

    public static string? Read(HttpContext context) => context.Request.Cookies.TryGetValue(Name, out var token) && token.Length > 0 ? token : null;

    public static void Write(HttpContext context, string token, Session session)
    {
        var options = OptionsFor(context);
        options.Expires = session.IsRemembered ? session.ExpiresAt : null;
        context.Response.Cookies.Append(Name, token, options);
    }

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, OptionsFor(context));

    /// <summary>Null where the request comes from a page of ours.</summary>
    public static Problem? RefuseForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        return request.Headers[ProofHeader].Count == 0 ? AccountProblems.ForeignCookie.Because($"Send the header {ProofHeader} (with any value) along with the cookie: it shows that the request comes from the application itself.")
            : site.Length > 0 && site is not ("same-origin" or "none") ? AccountProblems.ForeignCookie.Because("The cookie came from a page of another site.")
            : origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)) ? AccountProblems.ForeignCookie.Because("The cookie came from a page of another origin.")
            : null;
    }

    private static CookieOptions OptionsFor(HttpContext context) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = Path, IsEssential = true };
}
