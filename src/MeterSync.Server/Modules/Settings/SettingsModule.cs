using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Limits;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Settings.Domain;
using MeterSync.Modules.Settings.GetSettings;
using MeterSync.Modules.Settings.Public;
using MeterSync.Modules.Settings.Requests;
using MeterSync.Modules.Settings.Store;
using MeterSync.Modules.Settings.UpdateSettings;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Settings;

/// <summary>Who runs the server, where and in which money and language, and how much callers may ask of it.</summary>
internal sealed class SettingsModule : IModule
{
    public string Name => "Settings";

    public IReadOnlyList<GrantedPermission> Permissions => SettingsPermissions.All;

    public IJsonTypeInfoResolver Json => SettingsJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OrganisationOptions>().Bind(configuration.GetSection(OrganisationOptions.Section)).ValidateDataAnnotations()
            .Validate(options => ZoneNames.IsKnown(options.TimeZone), "Organisation:TimeZone is no time zone. Use an IANA name such as Europe/Berlin or America/Chicago.")
            .Validate(options => Currencies.IsKnown(options.Currency), "Organisation:Currency is no currency. Use an ISO 4217 code such as EUR or UAH.")
            .Validate(options => LanguageTags.IsWellFormed(options.Language), "Organisation:Language is no language. Use a BCP 47 tag such as en or de-AT.")
            .ValidateOnStart();
        var limits = configuration.GetSection(RateLimitOptions.Section);
        services.AddOptions<RateLimitOptions>().Bind(limits).ValidateDataAnnotations()
            .Configure(options => options.BlockedAddresses = ListSetting.Read(limits, nameof(RateLimitOptions.BlockedAddresses)) ?? options.BlockedAddresses)
            .Validate(options => AddressRanges.TryParse(options.BlockedAddresses, out _, out _), "RateLimits:BlockedAddresses has an entry that is no address and no range. Write 203.0.113.7, 198.51.100.0/24 or 2001:db8::/32, separated by commas.")
            .ValidateOnStart();
        services.AddSingleton<CurrentSettings>();
        services.AddSingleton<IOrganisationSettings>(provider => provider.GetRequiredService<CurrentSettings>());
        services.AddSingleton<IRateLimits>(provider => provider.GetRequiredService<CurrentSettings>());
        services.AddHostedService<SettingsRefresh>();
        services.AddSingleton<LocalDays>();
        services.AddScoped<GetSettingsHandler>();
        services.AddScoped<UpdateSettingsHandler>();
    }

    public void ConfigureModel(ModelBuilder model) => SettingsMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Settings");
        GetSettingsEndpoint.Map(group);
        UpdateSettingsEndpoint.Map(group);
    }
}

[JsonSerializable(typeof(UpdateSettingsRequest))]
[JsonSerializable(typeof(Envelope<SettingsView>))]
internal sealed partial class SettingsJson : JsonSerializerContext;
