using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using Microsoft.Extensions.Options;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>The envelope with the four token fields repeated at the top level, where OAuth clients look for them.</summary>
internal sealed record TokenEnvelope(
    bool Success,
    TokenPair Data,
    string? Message,
    string AccessToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
    string TokenType,
    int ExpiresIn);

/// <summary>Tokens on their way out.</summary>
/// <param name="Pair">What the client gets.</param>
/// <param name="Session">Whose they are.</param>
/// <param name="Message">Something the user should know.</param>
internal sealed record IssuedTokens(TokenPair Pair, Session Session, string? Message = null);

/// <param name="outcome">The tokens, or why there are none.</param>
/// <param name="asCookie">Whether the refresh token goes into the cookie.</param>
internal sealed class TokenAnswer(Outcome<IssuedTokens> outcome, bool asCookie) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (!outcome.Succeeded)
        {
            return ProblemAnswer.WriteAsync(httpContext, outcome.Problem);
        }

        var (pair, session, message) = outcome.Value;
        if (asCookie)
        {
            RefreshCookie.Write(httpContext, pair.RefreshToken!, session);
            pair = pair with { RefreshToken = null };
        }

        var options = httpContext.RequestServices.GetRequiredService<IOptions<HttpJsonOptions>>().Value.SerializerOptions;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        var envelope = new TokenEnvelope(true, pair, message, pair.AccessToken, pair.RefreshToken, pair.TokenType, pair.ExpiresIn);
        return JsonSerializer.SerializeAsync(httpContext.Response.BodyWriter, envelope, (JsonTypeInfo<TokenEnvelope>)options.GetTypeInfo(typeof(TokenEnvelope)), httpContext.RequestAborted);
    }
}
