using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Store;

namespace MeterSync.Modules.Workforce.Field;

/// <summary>Visits without a value, as <c>POST /skips</c> takes them.</summary>
internal sealed class FieldSkips(IRequestReader reader, SkipBook skips, CallerAccessor callers) : IFieldEntity
{
    public string Name => "skip";

    public int Turn => 30;

    public Permission Permission => WorkforcePermissions.Work;

    public Outcome<FieldItem> Read(FieldMessage message)
    {
        if (message.RefuseUpdate(Name) is { } update)
        {
            return update;
        }

        var read = reader.Read<CreateSkipRequest>(message.Payload);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        var (request, at) = (read.Value, message.Repaired(read.Value.SkippedAt));
        return SkipContent.FaultOf(request, at, message.ReceivedAt) is { } fault
            ? fault
            : new Item(message, request, at) { Meter = new NamedMeter(request.MeterId is { } id ? new MeterId(id) : null, request.MeterId is null ? request.SerialNumber!.Trim() : null) };
    }

    public async Task ApplyAsync(FieldBatch batch, IReadOnlyList<FieldItem> items, CancellationToken cancellationToken)
    {
        var sent = await skips.SentAsync([.. items.Select(item => item.Message.ClientId)], cancellationToken);
        var fresh = new List<(Item Item, NewSkip Skip)>();
        foreach (var item in items.Cast<Item>())
        {
            if (sent.TryGetValue(item.Message.ClientId, out var before))
            {
                item.Result = skips.IsSame(before, item.ContentHash) ? new FieldApplied(before.Id.Value, null, null, AlreadyThere: true) : SkipContent.OtherContent(item.Message.ClientId);
            }
            else if (batch.Find(item.Meter!.Value) is { } meter)
            {
                fresh.Add((item, SkipContent.Of(item.Request, meter, item.Message.ClientId, item.At)));
            }
            else
            {
                item.Result = SkipContent.UnknownMeter(item.Request, callers.Caller);
            }
        }

        var made = await skips.RecordAsync([.. fresh.Select(one => one.Skip)], Only, cancellationToken);
        foreach (var ((item, _), skip) in fresh.Zip(made))
        {
            item.Result = new FieldApplied(skip.Id.Value, null, null);
        }
    }

    /// <summary>An agent's visit ends the agent's own work, also where the office tries it again for the agent; those in the office who bring one end anybody's.</summary>
    private UserId? Only => callers.Caller.IsForAgent ? callers.Caller.UserId : callers.Caller.OwnOnly;

    private sealed class Item(FieldMessage message, CreateSkipRequest request, DateTimeOffset at) : FieldItem(message, SkipContent.HashOf(request))
    {
        public CreateSkipRequest Request => request;

        public DateTimeOffset At => at;
    }
}
