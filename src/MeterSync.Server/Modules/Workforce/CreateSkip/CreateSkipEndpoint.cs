using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.CreateSkip;

internal static class CreateSkipEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/skips", async (CreateSkipRequest request, CreateSkipHandler handler, CancellationToken cancellationToken) =>
            {
                var made = await handler.HandleAsync(request, cancellationToken);
                Outcome<SkipView> view = made.Succeeded ? made.Value.View : made.Problem;
                return new Answer<SkipView>(view) { Status = made is { Succeeded: true, Value.AlreadyThere: true } ? StatusCodes.Status200OK : StatusCodes.Status201Created, Location = _ => "/api/v1/skips" };
            })
            .Slice<SkipView>("CreateSkip", "Report a visit without a value; the assignment ends with it", StatusCodes.Status201Created).RequirePermission(WorkforcePermissions.Work)
            .BodyLike("""{"serial_number":"W-2041877","code":"no_access","note":"Nobody home","client_id":"01890000-0000-7000-8000-000000000003"}""");
}

/// <param name="AlreadyThere">The same client_id and content came before.</param>
internal sealed record CreatedSkip(SkipView View, bool AlreadyThere);

internal sealed class CreateSkipHandler(MeterSyncDb db, WriteTransactions transactions, IMeterRegistry meters, SkipBook skips, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<CreatedSkip>> HandleAsync(CreateSkipRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        if (SkipContent.FaultOf(request, request.SkippedAt ?? now, now) is { } fault)
        {
            return fault;
        }

        try
        {
            return await transactions.RunAsync(token => RecordAsync(request, token), cancellationToken);
        }
        catch (Exception exception) when (StoreFaults.IsConflict(exception) && request.ClientId is not null)
        {
            db.Forget();
            return await FindSentAsync(request, cancellationToken) ?? throw new InvalidOperationException("A skip was refused by the database for another reason than its client_id.", exception);
        }
    }

    private async Task<Outcome<CreatedSkip>> RecordAsync(CreateSkipRequest request, CancellationToken cancellationToken)
    {
        if (await FindSentAsync(request, cancellationToken) is { } sent)
        {
            return sent;
        }

        var serial = request.SerialNumber?.Trim();
        var id = request.MeterId is { } given ? new MeterId(given) : (await meters.FindBySerialAsync([serial!], cancellationToken)).GetValueOrDefault(serial!)?.Id;
        if (id is not { } known || await meters.LockAsync(known, null, cancellationToken) is not { } meter)
        {
            return SkipContent.UnknownMeter(request, callers.Caller);
        }

        var made = await skips.RecordAsync([SkipContent.Of(request, meter, request.ClientId, request.SkippedAt?.ToStored() ?? clock.GetUtcNow().ToStored())], callers.Caller.OwnOnly, cancellationToken);
        return new CreatedSkip(SkipView.Of(made[0], meter.SerialNumber), AlreadyThere: false);
    }

    private async Task<Outcome<CreatedSkip>?> FindSentAsync(CreateSkipRequest request, CancellationToken cancellationToken)
    {
        if (request.ClientId is not { } clientId || !(await skips.SentAsync([clientId], cancellationToken)).TryGetValue(clientId, out var sent))
        {
            return null;
        }

        if (!skips.IsSame(sent, SkipContent.HashOf(request)))
        {
            return SkipContent.OtherContent(clientId);
        }

        var serials = await meters.SerialNumbersAsync([sent.MeterId], cancellationToken);
        return new CreatedSkip(SkipView.Of(sent, serials.GetValueOrDefault(sent.MeterId, "")), AlreadyThere: true);
    }
}
