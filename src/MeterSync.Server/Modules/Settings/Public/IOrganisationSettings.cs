using NodaTime;

namespace MeterSync.Modules.Settings.Public;

/// <summary>Facts about whoever runs the server, from memory: no query. A change shows at once in the process that makes it and within 10 s in others.</summary>
internal interface IOrganisationSettings
{
    Organisation Current { get; }
}

/// <param name="Name">Null where nobody has said it.</param>
/// <param name="Address">Postal, with line breaks; null where nobody has said it.</param>
/// <param name="ContactEmail">Null where nobody has said it.</param>
/// <param name="Zone">The zone whose days dates without a time mean.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Language">BCP 47 tag.</param>
internal sealed record Organisation(string? Name, string? Address, string? ContactEmail, DateTimeZone Zone, string Currency, string Language);
