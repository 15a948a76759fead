using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.ExchangeMeter;

/// <param name="AlreadyThere">The same client_id and content came before.</param>
internal sealed record RecordedExchange(MeterExchangeView Exchange, bool AlreadyThere);

/// <summary>Removal reading, end of one installation, beginning of the next, install reading: one transaction.</summary>
internal sealed class ExchangeMeterHandler(
    MeterSyncDb db, WriteTransactions transactions, IMeterPlaces places, IMeterRegistry meters, JudgeReadings judging, IEnumerable<IExchangeFollower> followers, ICycleWindows cycles, Outbox outbox, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<RecordedExchange>> HandleAsync(MeterId meter, ExchangeMeterRequest request, CancellationToken cancellationToken)
    {
        var content = ExchangeMeterContent.Of(meter, request, clock.GetUtcNow());
        if (!content.Succeeded)
        {
            return content.Problem;
        }

        try
        {
            var outcome = await transactions.RunAsync(token => RecordAsync(meter, request, content.Value, token), cancellationToken);
            if (!outcome.Succeeded)
            {
                return await FindSentAsync(request, content.Value, cancellationToken) ?? outcome;
            }

            await cycles.RefreshAsync(cancellationToken);
            return outcome;
        }
        catch (DbUpdateException refused) when (StoreFaults.IsConflict(refused) || refused is DbUpdateConcurrencyException)
        {
            // Somebody was faster: with the same exchange, with the serial number, or with a change of the meter.
            db.Forget();
            if (await FindSentAsync(request, content.Value, cancellationToken) is { } sent)
            {
                return sent;
            }

            if (StoreFaults.IsConflict(refused) && await places.RefuseSerialAsync(content.Value.SerialNumber, cancellationToken) is { } taken)
            {
                return taken;
            }

            throw;
        }
    }

    private async Task<Outcome<RecordedExchange>> RecordAsync(MeterId meter, ExchangeMeterRequest request, ExchangeMeterContent content, CancellationToken cancellationToken)
    {
        foreach (var follower in followers)
        {
            await follower.PrepareAsync(cancellationToken);
        }

        var now = clock.GetUtcNow().ToStored();
        JudgedReading? removal = null;
        var change = new MeterChangeover(meter, content.SerialNumber, request.Registers?.Select(RegisterOf).ToList(), content.At);
        var moved = await places.ExchangeAsync(
            change,
            async (old, token) =>
            {
                if (await RefuseReadLaterAsync(old, content.At, token) is { } later)
                {
                    return later;
                }

                var source = request.RemovalEstimated is true ? ReadingSource.Estimate : ReadingSource.Manual;
                var judged = await JudgeAsync(old, request.RemovalReadings!, "removal_readings", source, content.At, now, request.Notes, token);
                removal = judged.Value;
                return judged.Problem;
            },
            cancellationToken);
        if (!moved.Succeeded)
        {
            return moved.Problem;
        }

        var install = await JudgeAsync(moved.Value.New, request.InstallReadings!, "install_readings", ReadingSource.Manual, content.At, now, request.Notes, cancellationToken);
        if (!install.Succeeded)
        {
            return install.Problem;
        }

        var exchange = new MeterExchange
        {
            Id = ids.Next<MeterExchangeId>(),
            ClientId = request.ClientId,
            ContentHash = content.Hash,
            ServicePointId = moved.Value.Point,
            OldMeterId = meter,
            NewMeterId = moved.Value.New.Id,
            ExchangedAt = content.At,
            RemovalReadingId = removal!.Reading.Id,
            InstallReadingId = install.Value.Reading.Id,
            OldStatus = moved.Value.OldStatus,
            NewStatus = moved.Value.NewStatus,
            Reason = Trimmed(request.Reason),
            Notes = Trimmed(request.Notes),
            ExchangedBy = callers.Caller.UserId,
            RecordedAt = now,
        };
        db.Add(exchange);
        outbox.Append(ReadingEvents.MeterExchanged, new EventAbout(exchange.AuditName, exchange.Id.Value), new MeterSwap(exchange.OldMeterId.Value, exchange.NewMeterId.Value, exchange.ServicePointId.Value, exchange.ExchangedAt));
        await db.SaveChangesAsync(cancellationToken);
        var followed = new ExchangeRecorded(
            exchange.OldMeterId, removal.Meter.SerialNumber, exchange.NewMeterId, moved.Value.New.SerialNumber, exchange.ExchangedAt, exchange.RecordedAt, exchange.RemovalReadingId, exchange.InstallReadingId);
        foreach (var follower in followers)
        {
            await follower.FollowAsync(followed, cancellationToken);
        }

        var serials = new Dictionary<MeterId, string> { [meter] = removal.Meter.SerialNumber, [exchange.NewMeterId] = moved.Value.New.SerialNumber };
        return new RecordedExchange(
            MeterExchangeView.Of(exchange, serials, removal.Reading.State, install.Value.Reading.State) with { Removal = removal.ToView(), Install = install.Value.ToView() },
            AlreadyThere: false);
    }

    private async Task<Problem?> RefuseReadLaterAsync(MeterForReading old, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var later = await db.Set<Reading>().AsNoTracking()
            .Where(reading => reading.MeterId == old.Id && reading.ReadingAt > at && reading.State != ReadingState.Rejected && reading.State != ReadingState.Superseded)
            .OrderByDescending(reading => reading.ReadingAt).Select(reading => (DateTimeOffset?)reading.ReadingAt).FirstOrDefaultAsync(cancellationToken);
        return later is { } last
            ? ExchangeProblems.TooEarly.For("exchanged_at", $"The meter {old.SerialNumber} was read at {last:yyyy-MM-dd HH:mm} UTC: it was at its place then. Reject that reading first if it is wrong.")
            : null;
    }

    private async Task<Outcome<JudgedReading>> JudgeAsync(
        MeterForReading meter, IReadOnlyList<RegisterValueRequest> entries, string field, ReadingSource source, DateTimeOffset at, DateTimeOffset now, string? notes, CancellationToken cancellationToken)
    {
        var named = NamedRegisters.Of(meter, null, entries, field);
        if (!named.Succeeded)
        {
            return named.Problem;
        }

        if (meter.Registers.FirstOrDefault(register => register.At(at).Kind is RegisterKind.Cumulative && !named.Value.Registers.Contains(register)) is { } unread)
        {
            return ExchangeProblems.RegisterNotRead.For(field, $"The register {unread.Label} of meter {meter.SerialNumber} has no value.");
        }

        var reading = new Reading
        {
            Id = ids.Next<ReadingId>(),
            MeterId = meter.Id,
            ReadingAt = at,
            ReceivedAt = now,
            Source = source,
            AgentId = source is ReadingSource.Estimate ? null : callers.Caller.UserId,
            Notes = Trimmed(notes),
        };
        var ledger = await judging.OpenAsync(meter, named.Value.Registers, at, null, cancellationToken);
        var judged = named.Value.Registers.Select((register, index) => ledger.Judge(reading, register, named.Value.Values[index], ids.Next<ReadingValueId>(), null, now)).ToList();
        reading.State = ReadingStates.WorstOf(judged.Select(one => one.Value));
        db.Add(reading);
        db.AddRange(judged.Select(one => one.Value));
        await judging.SettleAsync(ledger, cancellationToken);
        return new JudgedReading(meter, reading, judged);
    }

    /// <summary>The exchange an earlier sending made; null where the client id is new.</summary>
    private async Task<Outcome<RecordedExchange>?> FindSentAsync(ExchangeMeterRequest request, ExchangeMeterContent content, CancellationToken cancellationToken)
    {
        var sent = request.ClientId is { } clientId ? await db.Set<MeterExchange>().AsNoTracking().FirstOrDefaultAsync(exchange => exchange.ClientId == clientId, cancellationToken) : null;
        if (sent is null)
        {
            return null;
        }

        var sees = await meters.FindAsync(sent.NewMeterId, cancellationToken) is not null || await meters.FindAsync(sent.OldMeterId, cancellationToken) is not null;
        if (!sees || !content.Hash.AsSpan().SequenceEqual(sent.ContentHash))
        {
            return ExchangeProblems.ClientIdConflict.For("client_id", $"An exchange with the client_id {request.ClientId} is stored already, with other content.");
        }

        var serials = await places.SerialNumbersAsync([sent.OldMeterId, sent.NewMeterId], cancellationToken);
        var states = await db.Set<Reading>().AsNoTracking().Where(reading => reading.Id == sent.RemovalReadingId || reading.Id == sent.InstallReadingId).ToDictionaryAsync(reading => reading.Id, reading => reading.State, cancellationToken);
        return new RecordedExchange(MeterExchangeView.Of(sent, serials, states[sent.RemovalReadingId], states[sent.InstallReadingId]), AlreadyThere: true);
    }

    private static NewRegister RegisterOf(ExchangeRegisterRequest register) => new(
        register.Label,
        register.Quantity,
        register.Unit,
        register.Digits,
        register.Decimals,
        register.Multiplier,
        register.Kind,
        register.Direction,
        register.ObisCode,
        register.RunsBackwards,
        register.MaximumUsePerDay);

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private sealed record JudgedReading(MeterForReading Meter, Reading Reading, IReadOnlyList<JudgedValue> Judged)
    {
        public ReadingView ToView() => ReadingView.Of(new ReadingWithValues(Reading, [.. Judged.Select(one => one.Value)]), Meter.SerialNumber, Meter.Registers, withSuperseded: false, Judged);
    }
}
