using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using Microsoft.Extensions.Options;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>The envelope with the four token fields repeated at the top level, where OAuth clients look for them.</summary>
internal sealed record TokenEnvelope(bool Success, TokenPair Data, string? Message, string AccessToken, string RefreshToken, string TokenType, int ExpiresIn);

internal sealed class TokenAnswer(Outcome<TokenPair> outcome) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (!outcome.Succeeded)
        {
            return ProblemAnswer.WriteAsync(httpContext, outcome.Problem);
        }

        var pair = outcome.Value;
        var options = httpContext.RequestServices.GetRequiredService<IOptions<HttpJsonOptions>>().Value.SerializerOptions;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        var envelope = new TokenEnvelope(true, pair, null, pair.AccessToken, pair.RefreshToken, pair.TokenType, pair.ExpiresIn);
        return JsonSerializer.SerializeAsync(httpContext.Response.BodyWriter, envelope, (JsonTypeInfo<TokenEnvelope>)options.GetTypeInfo(typeof(TokenEnvelope)), httpContext.RequestAborted);
    }
}
