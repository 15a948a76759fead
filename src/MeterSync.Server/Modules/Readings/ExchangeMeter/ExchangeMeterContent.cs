using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;

namespace MeterSync.Modules.Readings.ExchangeMeter;

/// <summary>A request with what can be told without the database settled.</summary>
internal sealed record ExchangeMeterContent(string SerialNumber, DateTimeOffset At, byte[] Hash)
{
    public static Outcome<ExchangeMeterContent> Of(MeterId meter, ExchangeMeterRequest request, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(request.SerialNumber))
        {
            return KernelProblems.Invalid.For("serial_number", "Name the new meter by its serial number.");
        }

        if (request.Registers?.Any(register => register is null) is true)
        {
            return KernelProblems.Invalid.For("registers", "A register cannot be null.");
        }

        if (FaultOf("removal_readings", request.RemovalReadings!) is { } removal)
        {
            return removal;
        }

        if (FaultOf("install_readings", request.InstallReadings!) is { } install)
        {
            return install;
        }

        var at = (request.ExchangedAt ?? now).ToStored();
        return at > now.AddMinutes(VeeParameters.Default.FutureToleranceMinutes)
            ? ExchangeProblems.InFuture.For("exchanged_at", $"{at:yyyy-MM-dd HH:mm} UTC has not come yet.")
            : new ExchangeMeterContent(request.SerialNumber.Trim(), at, HashOf(meter, request));
    }

    private static Problem? FaultOf(string field, IReadOnlyList<RegisterValueRequest> entries)
    {
        for (var index = 0; index < entries.Count; index++)
        {
            var entry = entries[index];
            if (entry is null || entry.Value is not { } value || (entry.RegisterId is null && string.IsNullOrWhiteSpace(entry.Label) && entry.Ordinal is null))
            {
                return KernelProblems.Invalid.For($"{field}[{index}]", "Name each register by register_id, label or ordinal, with its value.");
            }

            if (!Bounds.CanHold(value))
            {
                return ReadingProblems.BadValue.For($"{field}[{index}].value", $"The value {value.ToString(CultureInfo.InvariantCulture)} has more than 12 digits before the point or more than 6 behind.");
            }
        }

        return null;
    }

    /// <summary>SHA-256 over what makes the exchange the same one; the time of sending does not count.</summary>
    private static byte[] HashOf(MeterId meter, ExchangeMeterRequest request)
    {
        var text = new StringBuilder(256).Append("exchange/1|").Append(meter.Value).Append('|').Append(request.SerialNumber!.Trim()).Append('|');
        text.Append(request.ExchangedAt?.ToUnixMicroseconds().ToString(CultureInfo.InvariantCulture) ?? "-").Append('|').Append(request.RemovalEstimated is true);
        Append(text.Append("|removal"), request.RemovalReadings!);
        Append(text.Append("|install"), request.InstallReadings!);
        foreach (var register in request.Registers ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"|{register}");
        }

        text.Append('|').Append(request.Reason).Append('|').Append(request.Notes);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Append(StringBuilder text, IReadOnlyList<RegisterValueRequest> entries)
    {
        foreach (var entry in entries)
        {
            text.Append('|').Append(entry.RegisterId?.ToString() ?? entry.Label?.Trim() ?? entry.Ordinal?.ToString(CultureInfo.InvariantCulture)).Append('=').Append(entry.Value!.Value.ToString("0.######", CultureInfo.InvariantCulture));
        }
    }
}
