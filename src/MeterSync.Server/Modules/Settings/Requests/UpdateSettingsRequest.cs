using System.ComponentModel.DataAnnotations;
using MeterSync.Modules.Settings.Domain;
using MeterSync.Modules.Settings.Public;

namespace MeterSync.Modules.Settings.Requests;

/// <summary>The settings to change. A field that is null goes back to the configuration's value; one that is left out stays.</summary>
internal sealed class UpdateSettingsRequest : GivenFields
{
    public OrganisationRequest? Organisation { get; set => field = Take(value); }

    /// <summary>IANA name of the zone whose days dates without a time mean.</summary>
    [ZoneName]
    public string? TimeZone { get; set => field = Take(value); }

    /// <summary>ISO 4217 code.</summary>
    [CurrencyCode]
    public string? Currency { get; set => field = Take(value); }

    /// <summary>BCP 47 tag.</summary>
    [LanguageTag]
    public string? Language { get; set => field = Take(value); }

    public LimitsRequest? Limits { get; set => field = Take(value); }

    /// <summary>Writes what was given into the stored row.</summary>
    public void WriteTo(StoredSettings stored)
    {
        stored.TimeZone = Or(TimeZone?.Trim(), stored.TimeZone, nameof(TimeZone));
        stored.Currency = Or(Currency?.Trim(), stored.Currency, nameof(Currency));
        stored.Language = Or(Language?.Trim(), stored.Language, nameof(Language));
        if (Gives(nameof(Organisation)))
        {
            (Organisation ?? OrganisationRequest.Reset).WriteTo(stored);
        }

        if (Gives(nameof(Limits)))
        {
            (Limits ?? LimitsRequest.Reset).WriteTo(stored);
        }
    }
}

/// <summary>Who runs the server.</summary>
internal sealed class OrganisationRequest : GivenFields
{
    public static OrganisationRequest Reset => new() { Name = null, Address = null, ContactEmail = null };

    [ShownText(200)]
    public string? Name { get; set => field = Take(value); }

    [ShownText(500, AllowLines = true)]
    public string? Address { get; set => field = Take(value); }

    [MailAddress]
    public string? ContactEmail { get; set => field = Take(value); }

    public void WriteTo(StoredSettings stored)
    {
        stored.OrganisationName = Or(Trimmed(Name), stored.OrganisationName, nameof(Name));
        stored.OrganisationAddress = Or(Trimmed(Address), stored.OrganisationAddress, nameof(Address));
        stored.ContactEmail = Or(Trimmed(ContactEmail), stored.ContactEmail, nameof(ContactEmail));
    }

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>Limits over those of the configuration; 0 is no limit.</summary>
internal sealed class LimitsRequest : GivenFields
{
    public static LimitsRequest Reset => new()
    {
        AnonymousPerMinute = null,
        ApiKeyPerMinute = null,
        UserPerMinute = null,
        OcrPerMinute = null,
        ExportsPerFiveMinutes = null,
        RefreshPerMinute = null,
        SignInFailuresPerAccount = null,
        SignInFailuresPerAddress = null,
        SignInWindowMinutes = null,
        BlockedAddresses = null,
    };

    [Range(0, RateLimitOptions.Most)]
    public int? AnonymousPerMinute { get; set => field = Take(value); }

    [Range(0, RateLimitOptions.Most)]
    public int? ApiKeyPerMinute { get; set => field = Take(value); }

    [Range(0, RateLimitOptions.Most)]
    public int? UserPerMinute { get; set => field = Take(value); }

    [Range(0, RateLimitOptions.Most)]
    public int? OcrPerMinute { get; set => field = Take(value); }

    [Range(0, RateLimitOptions.Most)]
    public int? ExportsPerFiveMinutes { get; set => field = Take(value); }

    [Range(0, RateLimitOptions.Most)]
    public int? RefreshPerMinute { get; set => field = Take(value); }

    [Range(0, RateLimitOptions.Most)]
    public int? SignInFailuresPerAccount { get; set => field = Take(value); }

    [Range(0, RateLimitOptions.Most)]
    public int? SignInFailuresPerAddress { get; set => field = Take(value); }

    [Range(1, RateLimitOptions.MostWindowMinutes)]
    public int? SignInWindowMinutes { get; set => field = Take(value); }

    /// <summary>Addresses and ranges whose requests are refused.</summary>
    [AddressList]
    public IReadOnlyList<string>? BlockedAddresses { get; set => field = Take(value); }

    public void WriteTo(StoredSettings stored)
    {
        stored.AnonymousPerMinute = Or(AnonymousPerMinute, stored.AnonymousPerMinute, nameof(AnonymousPerMinute));
        stored.ApiKeyPerMinute = Or(ApiKeyPerMinute, stored.ApiKeyPerMinute, nameof(ApiKeyPerMinute));
        stored.UserPerMinute = Or(UserPerMinute, stored.UserPerMinute, nameof(UserPerMinute));
        stored.OcrPerMinute = Or(OcrPerMinute, stored.OcrPerMinute, nameof(OcrPerMinute));
        stored.ExportsPerFiveMinutes = Or(ExportsPerFiveMinutes, stored.ExportsPerFiveMinutes, nameof(ExportsPerFiveMinutes));
        stored.RefreshPerMinute = Or(RefreshPerMinute, stored.RefreshPerMinute, nameof(RefreshPerMinute));
        stored.SignInFailuresPerAccount = Or(SignInFailuresPerAccount, stored.SignInFailuresPerAccount, nameof(SignInFailuresPerAccount));
        stored.SignInFailuresPerAddress = Or(SignInFailuresPerAddress, stored.SignInFailuresPerAddress, nameof(SignInFailuresPerAddress));
        stored.SignInWindowMinutes = Or(SignInWindowMinutes, stored.SignInWindowMinutes, nameof(SignInWindowMinutes));
        stored.BlockedAddresses = Or(BlockedAddresses is { } list ? string.Join(", ", list.Select(text => text.Trim())) : null, stored.BlockedAddresses, nameof(BlockedAddresses));
    }
}
