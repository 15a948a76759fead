using System.ComponentModel.DataAnnotations;

namespace MeterSync.Kernel.Web;

/// <summary>The paging part of a list request's query string.</summary>
public interface IPageRequest
{
    /// <summary>1-based.</summary>
    int? Page { get; }

    int? Limit { get; }
}

public static class PageRequests
{
    public static int PageOrDefault(this IPageRequest request) => request.Page ?? 1;

    public static int LimitOrDefault(this IPageRequest request) => request.Limit ?? PageRules.DefaultLimit;
}

/// <summary>Bounds of <c>page</c>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PageNumberAttribute() : RangeAttribute(1, 1_000_000);

/// <summary>Bounds of <c>limit</c>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PageLimitAttribute() : RangeAttribute(1, PageRules.MaximumLimit);
