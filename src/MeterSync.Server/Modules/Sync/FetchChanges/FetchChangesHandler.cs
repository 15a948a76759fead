using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Sync.FetchChanges;

/// <summary>Walks a snapshot part by part, then the log from the number noted before the snapshot's first page. Things are read after what is told of them, in statements that
/// each see what is committed: what is handed out may be newer than its place in the log, which comes again, and never older.</summary>
internal sealed class FetchChangesHandler(FieldDevices devices, Epochs epochs, IAgentChanges agents, IFieldReadings readings, ChangedThings things, CallerAccessor callers, IOptions<SyncOptions> options, TimeProvider clock)
{
    private const string NoAgent = "You are no agent here, so there is nothing to fetch: a supervisor has to make you one.";

    public async Task<Outcome<ChangesView>> HandleAsync(FetchChangesRequest request, CancellationToken cancellationToken)
    {
        if (callers.Caller.UserId is not { } user)
        {
            return FieldDeviceProblems.NoPerson.Because("Sign in as the person who uses the phone.");
        }

        PullCursor? cursor = null;
        if (!string.IsNullOrEmpty(request.Cursor) && !PullCursor.TryParse(request.Cursor, out cursor))
        {
            return PullProblems.CursorInvalid.For("cursor", "This is no cursor of ours. Fetch without one, and begin anew.");
        }

        if (request.DeviceId is { } key && (await devices.MeetAsync(ContactOf(request, key), cancellationToken)).Problem is { } refused)
        {
            return refused;
        }

        var epoch = await epochs.CurrentAsync(cancellationToken);
        var pull = new Pull(user, epoch.Id, request.Limit ?? FetchChangesRequest.DefaultAtOnce, clock.GetUtcNow().ToStored());
        var reason = cursor is null ? "first" : cursor.Epoch != pull.Epoch ? "epoch" : cursor.User != user ? "foreign" : "expired";
        var view = reason != "expired" ? null
            : cursor!.Part == PullPart.Log ? await LogAsync(pull, cursor, cancellationToken)
            : await agents.EndsAsync(user, cancellationToken) is { } ends && ends.Holds(cursor.Seq) ? await SnapshotAsync(pull, cursor, ends, isFirst: false, cancellationToken)
            : null;
        if (view is null)
        {
            PullMetrics.Reset(reason);
            view = await BeginAsync(pull, cancellationToken);
        }

        PullMetrics.Pulled(view, isLog: cursor?.Part == PullPart.Log && !view.Reset);
        return view;
    }

    private static DeviceContact ContactOf(FetchChangesRequest request, string key) => new(key)
    {
        Name = request.DeviceName,
        AppVersion = request.AppVersion,
        UnsentCount = request.UnsentCount,
    };

    private async Task<ChangesView> BeginAsync(Pull pull, CancellationToken cancellationToken) =>
        await agents.EndsAsync(pull.User, cancellationToken) is { } ends
            ? await SnapshotAsync(pull, new PullCursor(pull.Epoch, pull.User, PullPart.Meters, ends.Last, PullCursor.Start), ends, isFirst: true, cancellationToken)
            : Answer(pull, reset: true, [], PullCursor.Of(pull.Epoch, pull.User, 0), hasMore: false) with { Message = NoAgent };

    /// <summary>Null where the log does not go back as far as the cursor.</summary>
    private async Task<ChangesView?> LogAsync(Pull pull, PullCursor cursor, CancellationToken cancellationToken)
    {
        if (await agents.ReadAsync(pull.User, cursor.Seq, pull.Limit, cancellationToken) is not { } log)
        {
            return cursor.Seq == 0 ? Answer(pull, reset: false, [], cursor, hasMore: false) with { Message = NoAgent } : null;
        }

        if (!log.Ends.Holds(cursor.Seq))
        {
            return null;
        }

        if (log.Rows is [])
        {
            return Answer(pull, reset: false, [], cursor, hasMore: false);
        }

        var heard = log.Rows[^1].Seq;
        return Answer(pull, reset: false, await things.OfAsync(pull.User, log.Rows, pull.Now, cancellationToken), cursor with { Seq = heard }, hasMore: heard < log.Ends.Last);
    }

    private async Task<ChangesView> SnapshotAsync(Pull pull, PullCursor cursor, AgentLogEnds ends, bool isFirst, CancellationToken cancellationToken)
    {
        var (changes, at) = (new List<ChangeView>(), cursor);
        while (at.Part != PullPart.Log && changes.Count < pull.Limit)
        {
            var room = pull.Limit - changes.Count;
            var (rows, last) = await PartAsync(pull, at, room, cancellationToken);
            changes.AddRange(rows);
            at = last is { } place ? at with { Last = place } : at with { Part = at.Part + 1, Last = PullCursor.Start };
        }

        return Answer(pull, isFirst, changes, at, hasMore: at.Part != PullPart.Log || ends.Last > at.Seq);
    }

    /// <summary>The next rows of a part, and where they end; null where the part does.</summary>
    private async Task<(IReadOnlyList<ChangeView> Rows, Cursor? Last)> PartAsync(Pull pull, PullCursor at, int room, CancellationToken cancellationToken)
    {
        switch (at.Part)
        {
            case PullPart.Meters:
                var meters = await agents.MetersAfterAsync(pull.User, at.Last.Id, room, cancellationToken);
                return (await things.MetersAsync(meters, pull.Now, cancellationToken), meters.Count < room ? null : at.Last with { Id = meters[^1].Value });
            case PullPart.Assignments:
                var work = await agents.AssignmentsAfterAsync(pull.User, at.Last.Id, room, cancellationToken);
                return (ChangedThings.Shown(ChangedThings.Assignment, work), work.Count < room ? null : at.Last with { Id = work[^1].Id });
            default:
                var since = pull.Now - TimeSpan.FromDays(options.Value.ChangeDays);
                var own = await readings.AfterAsync(pull.User, since, at.Last == PullCursor.Start ? null : at.Last, room, cancellationToken);
                return (ChangedThings.Shown(own), own.Count < room ? null : new Cursor(own[^1].ReadingTimestamp, own[^1].Id));
        }
    }

    private static ChangesView Answer(Pull pull, bool reset, IReadOnlyList<ChangeView> changes, PullCursor cursor, bool hasMore) => new(pull.Epoch, reset, pull.Now, changes, cursor.ToString(), hasMore);

    private sealed record Pull(UserId User, Guid Epoch, int Limit, DateTimeOffset Now);
}
