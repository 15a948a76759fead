using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.UpdateReading;

/// <summary>What is left out stays as it is; empty text takes a note or address away.</summary>
/// <param name="ReadingValue">Another value than the stored one is a correction.</param>
/// <param name="Registers">As <paramref name="ReadingValue"/>, by register.</param>
/// <param name="Reason">Why the value changes; only for a correction.</param>
internal sealed record UpdateReadingRequest(
    [property: StringLength(2000)] string? Notes,
    [property: StringLength(1000)] string? PhotoUrl,
    [property: MaxLength(PhotoList.Most)] IReadOnlyList<string>? Photos,
    decimal? ReadingValue,
    [property: MinLength(1), MaxLength(50)] IReadOnlyList<RegisterValueRequest>? Registers,
    [property: StringLength(1000)] string? Reason)
{
    public bool ChangesValues => ReadingValue is not null || Registers is not null;
}

internal static class UpdateReadingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/readings/{id:guid}", async (Guid id, UpdateReadingRequest request, HttpRequest http, UpdateReadingHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(view => view.Version))
            .Slice<ReadingView>("UpdateReading", "Change notes and photos of a reading, or correct its value").RequirePermission(ReadingPermissions.Create)
            .BodyLike("""{"notes":"Read through the window"}""");
}

internal sealed class UpdateReadingHandler(WriteTransactions transactions, OpenReading readings, CorrectValues values, IReadingEvidence evidence, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<ReadingView>> HandleAsync(Guid id, UpdateReadingRequest request, int? version, CancellationToken cancellationToken)
    {
        if (request is { ReadingValue: not null, Registers: not null })
        {
            return KernelProblems.Invalid.For("reading_value", "Give reading_value or registers, not both.");
        }

        if (request.Photos?.Any(photo => photo is null or "" or { Length: > 1000 }) is true)
        {
            return KernelProblems.Invalid.For("photos", "A photo is an id or an address of at most 1,000 characters.");
        }

        return await transactions.RunAsync(token => ChangeAsync(id, request, version, token), cancellationToken);
    }

    private async Task<Outcome<ReadingView>> ChangeAsync(Guid id, UpdateReadingRequest request, int? version, CancellationToken cancellationToken)
    {
        var changed = await WriteAsync(id, request, version, cancellationToken);
        if (!changed.Succeeded || request.Photos is null)
        {
            return changed;
        }

        var reading = changed.Value;
        var agent = reading.AgentId is { } reader ? new UserId(reader) : (UserId?)null;
        var attached = await evidence.AttachAsync([new ReadingPhotos(new ReadingId(reading.Id), reading.ClientId, agent, request.Photos)], cancellationToken);
        return reading with { Evidence = attached[new ReadingId(reading.Id)] };
    }

    private async Task<Outcome<ReadingView>> WriteAsync(Guid id, UpdateReadingRequest request, int? version, CancellationToken cancellationToken)
    {
        var found = await readings.FindAsync(id, version, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var reading = found.Value.Reading;
        if (!callers.Caller.May(ReadingPermissions.Verify) && (request.ChangesValues || reading.VerifiedAt is not null))
        {
            return ReadingProblems.NotEditable.Because(request.ChangesValues ? "Changing a value needs the permission readings:verify; record another reading instead." : "The reading is verified; only someone who may verify can change it.");
        }

        if (request.Notes is { } said && Kept(said) != reading.Notes)
        {
            (reading.Notes, reading.NotesAt, reading.NotesClientId) = (Kept(said), clock.GetUtcNow().ToStored(), null);
        }

        reading.PhotoUrl = request.PhotoUrl is null ? reading.PhotoUrl : Kept(request.PhotoUrl);
        reading.Photos = request.Photos is null ? reading.Photos : PhotoList.ToJson(request.Photos);
        if (!request.ChangesValues)
        {
            return await readings.SaveAsync(found.Value, null, cancellationToken);
        }

        var judged = values.Apply(found.Value, request.ReadingValue, request.Registers, request.Reason);
        return judged.Succeeded ? await readings.SaveAsync(found.Value, judged.Value, cancellationToken)
            : judged.Problem.Code == ReadingProblems.NotCorrectable && IsUnchanged(found.Value, request) ? await readings.SaveAsync(found.Value, null, cancellationToken)
            : judged.Problem;
    }

    /// <summary>A client that sends the whole reading back with other notes corrects nothing.</summary>
    private static bool IsUnchanged(OpenedReading opened, UpdateReadingRequest request)
    {
        var named = NamedRegisters.Of(opened.Meter, request.ReadingValue, request.Registers);
        return named.Succeeded && named.Value.Registers.Zip(named.Value.Values).All(pair => opened.Found.Live.Any(value => value.RegisterId == pair.First.Id && value.Value == pair.Second));
    }

    private static string? Kept(string text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
