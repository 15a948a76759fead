using System.Text.Json;
using System.Text.RegularExpressions;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Host.Web;

/// <summary>Every failure leaves as the error envelope: no stack trace, no SQL, no path.</summary>
internal sealed partial class ProblemMapping(RequestDelegate next, ILogger<ProblemMapping> log)
{
    private const int RetryAfterSeconds = 5;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            log.LogDebug("The caller went away from {Path}", context.Request.Path);
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var problem = ProblemOf(exception);
            if (problem.Code == KernelProblems.Unexpected)
            {
                log.LogError(exception, "Unexpected failure of {Method} {Path}", context.Request.Method, context.Request.Path);
            }
            else if (problem.Code == KernelProblems.Unavailable)
            {
                log.LogWarning(exception, "The store could not serve {Method} {Path}", context.Request.Method, context.Request.Path);
            }

            context.Response.Clear();
            await ProblemAnswer.WriteAsync(context, problem);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0 } && BareStatus(context.Response.StatusCode) is { } bare)
        {
            await ProblemAnswer.WriteAsync(context, bare);
        }
    }

    private static Problem? BareStatus(int status) => status switch
    {
        400 => KernelProblems.Malformed.Because("The request could not be read: a parameter is missing or has the wrong form."),
        401 => KernelProblems.Unauthenticated.Because("Sign in first."),
        403 => KernelProblems.Forbidden.Because("Not allowed."),
        404 => KernelProblems.NotFound.Because("There is no such route."),
        405 => KernelProblems.MethodNotAllowed.Because("This route does not take that method."),
        413 => KernelProblems.TooLarge.Because("The body is too large for this route."),
        415 => KernelProblems.UnsupportedMediaType.Because("This route does not read that content type."),
        _ => null,
    };

    private static Problem ProblemOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => OfBadRequest(bad),
        OverloadedException busy => KernelProblems.Overloaded.Because(busy.Message + " Try again shortly.") with { RetryAfterSeconds = busy.RetryAfterSeconds },
        DbUpdateConcurrencyException => KernelProblems.LostUpdate.Because("Someone changed this since you read it. Fetch it again and repeat your change."),
        _ when StoreFaults.IsUnavailable(exception) => KernelProblems.Unavailable.Because("The database or disk cannot serve right now. Nothing was changed; try again shortly.") with { RetryAfterSeconds = RetryAfterSeconds },
        _ when StoreFaults.IsConflict(exception) => KernelProblems.Conflict.Because("This collides with something that is stored already."),
        InvalidDataException => KernelProblems.Malformed.Because("The compressed body could not be unpacked."),
        _ => KernelProblems.Unexpected.Because("Something failed on our side. The trace id finds it in the log."),
    };

    private static Problem OfBadRequest(BadHttpRequestException bad)
    {
        if (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return KernelProblems.TooLarge.Because("The body is too large for this route.");
        }

        if (bad.StatusCode == StatusCodes.Status415UnsupportedMediaType)
        {
            return KernelProblems.UnsupportedMediaType.Because("This route does not read that content type.");
        }

        if (bad.InnerException is JsonException json)
        {
            return OfJson(json);
        }

        return ParameterPattern().Match(bad.Message) is { Success: true } match
            ? KernelProblems.Malformed.For(SnakeCase.Of(match.Groups["name"].Value), $"The parameter {SnakeCase.Of(match.Groups["name"].Value)} cannot be '{match.Groups["value"].Value}'.")
            : KernelProblems.Malformed.Because("The request could not be read: " + PublicReason(bad.Message));
    }

    /// <summary>What is wrong with a JSON text, and where.</summary>
    public static Problem OfJson(JsonException json)
    {
        var field = string.IsNullOrEmpty(json.Path) || json.Path == "$" ? "body" : json.Path.TrimStart('$', '.');
        if (json is RefusedJsonException refused)
        {
            return KernelProblems.Invalid.For(field, $"{field}: {refused.Reason}");
        }

        var place = json.LineNumber is { } line ? $" (line {line + 1}, byte {json.BytePositionInLine + 1})" : "";
        return KernelProblems.Malformed.For(field, $"The JSON body could not be read at {field}{place}: {ReasonOf(json)}");
    }

    /// <summary>An inner JSON exception is the reader's: the text is no JSON at all. Our own converters speak plainly; the framework's words name our types.</summary>
    private static string ReasonOf(JsonException json) =>
        json.InnerException is JsonException ? "this is not valid JSON."
        : "the value has the wrong type.";

    private static string PublicReason(string message) =>
        message.Contains("body", StringComparison.OrdinalIgnoreCase) ? "it needs a JSON body." : "a parameter is missing or has the wrong form.";

    [GeneratedRegex("Failed to bind parameter \"[^\"]*? (?<name>[A-Za-z0-9_]+)\" from \"(?<value>.{0,60}).*\"", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex ParameterPattern();
}
