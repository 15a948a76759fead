using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Uploads.Domain;

namespace MeterSync.Modules.Uploads.Protocol;

/// <summary>Rules that hold on each route of tus.</summary>
internal static class TusRules
{
    /// <summary>A client of another version is told which there is, and nothing else happens.</summary>
    public static RouteGroupBuilder SpeakTus(this RouteGroupBuilder routes) => routes.AddEndpointFilter((context, next) =>
    {
        var http = context.HttpContext;
        if (HttpMethods.IsOptions(http.Request.Method) || http.Request.Headers[TusHeaders.Resumable] == TusHeaders.Version)
        {
            return next(context);
        }

        http.Response.Headers[TusHeaders.Versions] = TusHeaders.Version;
        return ValueTask.FromResult<object?>(new Answer<Done>(UploadProblems.UnsupportedVersion.For(TusHeaders.Resumable, $"Send the header {TusHeaders.Resumable}: {TusHeaders.Version}; the server speaks that version alone.")));
    });

    /// <summary>How far an upload is, for the client to go on from.</summary>
    public static void Tell(this HttpResponse response, Upload upload)
    {
        response.Headers[TusHeaders.UploadOffset] = upload.ReceivedBytes.ToString(CultureInfo.InvariantCulture);
        response.Headers[TusHeaders.UploadExpires] = upload.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
    }

    public static bool HasBytes(HttpRequest request) =>
        request.ContentType is { } type && type.Split(';')[0].Trim().Equals(TusHeaders.Bytes, StringComparison.OrdinalIgnoreCase);

    /// <summary>A count of bytes: digits alone. One that no number can hold is more than anything that is stored.</summary>
    public static Outcome<long> ReadCount(IHeaderDictionary headers, string name)
    {
        var text = headers[name].ToString();
        return text.Length == 0 ? KernelProblems.Invalid.For(name, $"{name} is missing.")
            : text.Length > 200 || !text.All(char.IsAsciiDigit) ? KernelProblems.Invalid.For(name, $"{name} is a count of bytes in digits, without a sign.")
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
            : long.MaxValue;
    }
}
