using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>What somebody says of a visit without a value, before the database is asked.</summary>
internal static class SkipContent
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    /// <summary>What is wrong with it in itself; null for nothing.</summary>
    /// <param name="request">As it was sent.</param>
    /// <param name="at">When the visit was, by the server's clock.</param>
    /// <param name="now">When it came in.</param>
    public static Problem? FaultOf(CreateSkipRequest request, DateTimeOffset at, DateTimeOffset now) => request switch
    {
        { MeterId: null, SerialNumber: null or "" } => KernelProblems.Invalid.For("meter_id", "Name the meter by meter_id or serial_number."),
        _ when request.Latitude is null != request.Longitude is null => KernelProblems.Invalid.For("latitude", "A position has both latitude and longitude."),
        _ when Terms<SkipCode>.Parse(request.Code!) == SkipCode.Other && string.IsNullOrWhiteSpace(request.Note) => KernelProblems.Invalid.For("note", "With the code other, say in the note what it was."),
        _ when at > now + Ahead => WorkforceProblems.SkipInFuture.For("skipped_at", $"The visit is said to be at {at.ToUniversalTime():yyyy-MM-dd HH:mm} UTC, which is later than now."),
        _ => null,
    };

    /// <summary>SHA-256 over what makes it the same skip, as it was sent: where it came from and how exact the position is do not count.</summary>
    public static byte[] HashOf(CreateSkipRequest request) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"skip/1|{request.MeterId?.ToString() ?? request.SerialNumber?.Trim()}|{request.Code}|{request.SkippedAt?.ToUnixMicroseconds()}|{request.Note}|{request.PhotoUrl}")));

    public static NewSkip Of(CreateSkipRequest request, MeterForReading meter, Guid? clientId, DateTimeOffset at) => new(
        clientId, clientId is null ? null : HashOf(request), meter, Terms<SkipCode>.Parse(request.Code!), Kept(request.Note), Kept(request.PhotoUrl), request.Latitude, request.Longitude, request.Latitude is null ? null : request.AccuracyM, at);

    public static Problem UnknownMeter(CreateSkipRequest request, Caller caller) => WorkforceProblems.SkipMeterUnknown.For(
        request.MeterId is null ? "serial_number" : "meter_id", $"There is no meter {request.MeterId?.ToString() ?? request.SerialNumber?.Trim()}{(caller.OwnOnly is null ? "" : " among those assigned to you")}.");

    public static Problem OtherContent(Guid? clientId) => WorkforceProblems.SkipConflict.For("client_id", $"A skip with the client_id {clientId} is stored already, with other content.");

    private static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
