using MeterSync.Host.Limits;
using MeterSync.Kernel;
using MeterSync.Kernel.Limits;
using MeterSync.Modules.Uploads.Public;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Web;

/// <summary>Where a request really comes from, and which web pages may make one: before anything else looks at it.</summary>
internal static class OuterWall
{
    private static readonly TimeSpan PreflightHolds = TimeSpan.FromMinutes(10);

    /// <summary>What a page of another origin may read of an answer beside the body.</summary>
    private static readonly string[] ReadableHeaders = ["ETag", "Location", "Retry-After", RateStanding.Limit, RateStanding.Remaining, RateStanding.Reset, "Idempotency-Replayed", .. TusEdge.ReadableHeaders];

    public static void AddOuterWall(this IServiceCollection services, IConfiguration configuration)
    {
        var http = configuration.GetSection(ProxyOptions.Section);
        services.AddOptions<ProxyOptions>()
            .Configure(options => options.TrustedProxies = ListSetting.Read(http, nameof(ProxyOptions.TrustedProxies)) ?? options.TrustedProxies)
            .Validate(options => AddressRanges.TryParse(options.TrustedProxies, out _, out _), "Http:TrustedProxies has an entry that is no address and no range. Write 10.0.0.5, 10.0.0.0/24 or 2001:db8::/32, separated by commas.")
            .ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((forwarded, proxies) => Trust(forwarded, proxies.Value));

        var cors = configuration.GetSection(CrossOriginOptions.Section);
        services.AddOptions<CrossOriginOptions>()
            .Configure(options => options.Origins = ListSetting.Read(cors, nameof(CrossOriginOptions.Origins)) ?? options.Origins)
            .Validate(options => !options.Origins.Any(origin => origin.Contains('*', StringComparison.Ordinal)), "Cors:Origins has a *. Callers send credentials, so every origin has to be named: https://office.example.com, separated by commas.")
            .Validate(options => options.Origins.All(origin => origin.Contains('*', StringComparison.Ordinal) || IsOrigin(origin)), "Cors:Origins has an entry that is no origin. Write scheme and host, with a port where there is one, and no path: https://office.example.com or http://localhost:5173.")
            .ValidateOnStart();
        services.AddCors();
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>().Configure<IOptions<CrossOriginOptions>>((options, ours) => options.AddDefaultPolicy(policy => policy
            .WithOrigins([.. ours.Value.Origins]).AllowCredentials().AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(ReadableHeaders).SetPreflightMaxAge(PreflightHolds)));
    }

    public static void UseOuterWall(this IApplicationBuilder app)
    {
        app.UseForwardedHeaders();
        if (app.ApplicationServices.GetRequiredService<IOptions<CrossOriginOptions>>().Value.Origins.Count > 0)
        {
            app.UseCors();
        }
    }

    /// <summary>However many proxies stand in a row: the first address from the right that is none of them is the caller's.</summary>
    private static void Trust(ForwardedHeadersOptions forwarded, ProxyOptions proxies)
    {
        if (proxies.TrustedProxies.Count == 0)
        {
            // With both of its lists empty the framework would believe everybody.
            forwarded.ForwardedHeaders = ForwardedHeaders.None;
            return;
        }

        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var text in proxies.TrustedProxies)
        {
            if (AddressRanges.TryParse(text, out System.Net.IPNetwork network))
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" } && !text.EndsWith('/');
}
