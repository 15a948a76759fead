namespace MeterSync.Kernel.Web;

/// <summary>Routes that show or change what cannot be cut to a part of the meters.</summary>
public static class WholeView
{
    /// <summary>Only for callers who see everything: what the route gives has no part that would be right for fewer meters.</summary>
    public static RouteHandlerBuilder RequireWholeView(this RouteHandlerBuilder route) => route.AddEndpointFilter(async (context, next) =>
        context.HttpContext.RequestServices.GetRequiredService<CallerAccessor>().Caller.RefuseNarrowView() is { } refusal
            ? new Refused(refusal)
            : await next(context));

    /// <summary>Why a caller whose view is bounded to regions is refused; null for anyone else.</summary>
    public static Problem? RefuseNarrowView(this Caller caller) => caller.RegionsOnly is null
        ? null
        : KernelProblems.ScopeTooNarrow.Because("This covers all meters, and you see those of named regions only. Ask someone who sees them all.");

    private sealed class Refused(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => ProblemAnswer.WriteAsync(httpContext, problem);
    }
}
