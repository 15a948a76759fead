using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Pushing;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MeterSync.Modules.Sync.SyncReadings;

internal static class SyncReadingsEndpoint
{
    public const string Lines = "application/x-ndjson";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var most = routes.ServiceProvider.GetRequiredService<IOptions<SyncOptions>>().Value.MostMegabytes * 1024L * 1024;
        routes.MapPost("/readings/sync", async (HttpRequest request, SyncReadingsHandler handler, CancellationToken cancellationToken) =>
            {
                if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !(IsJson(type) || type.MediaType.Equals(Lines, StringComparison.OrdinalIgnoreCase)))
                {
                    return new Answer<PushView>(KernelProblems.UnsupportedMediaType.Because($"A batch is application/json or {Lines}."));
                }

                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body, cancellationToken);
                var outcome = await handler.HandleAsync(body.GetBuffer().AsMemory(0, (int)body.Length), !IsJson(type), request.Headers["X-Device-Id"].FirstOrDefault(), cancellationToken);
                return new Answer<PushView>(outcome) { Writer = PushView.Write };
            })
            .Slice<PushView>("SyncReadings", "Bring what was recorded offline: each item is answered for itself, and sending it again is safe").RequirePermission(SyncPermissions.Push).CountedAs(RateGroup.Sync).BodyUpTo(most).WithMetadata(new RepeatsSafely())
            .Accepts<PushBodyRequest>("application/json", Lines)
            .BodyLike("""{"device_id":"phone-7","batch_id":"01890000-0000-7000-8000-000000000009","items":[{"client_id":"01890000-0000-7000-8000-000000000010","entity":"reading","op":"create","captured_at":"2026-03-31T08:15:00Z","clock":{"wall":"2026-03-31T08:15:00Z","monotonic_ms":81500,"server_offset_ms":-1200},"payload":{"serial_number":"W-2041877","reading_value":1234.567,"reading_timestamp":"2026-03-31T08:15:00Z"}}]}""");
    }

    private static bool IsJson(MediaTypeHeaderValue type) => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What the API document says of a batch.</summary>
/// <param name="Items">At most 1,000.</param>
internal sealed record PushBodyRequest(
    string? DeviceId,
    string? DeviceName,
    string? AppVersion,
    int? UnsentCount,
    Guid? BatchId,
    Guid? Epoch,
    PhoneClockRequest? Clock,
    LastReceiptRequest? LastReceipt,
    IReadOnlyList<PushItemRequest> Items);

internal sealed class SyncReadingsHandler(ReadBatch reading, ApplyBatch applying)
{
    public async Task<Outcome<PushView>> HandleAsync(ReadOnlyMemory<byte> body, bool isLines, string? deviceKey, CancellationToken cancellationToken)
    {
        var read = reading.Read(body, isLines, deviceKey);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        var applied = await applying.RunAsync(read.Value, cancellationToken);
        return applied.Succeeded ? PushView.Of(applied.Value) : applied.Problem;
    }
}
