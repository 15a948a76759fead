using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Puts new values in the place of wrong ones. The old values stay, superseded; the new ones are judged like any other.</summary>
internal sealed class CorrectValues(MeterSyncDb db, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    /// <returns>The new values; a problem where a register was not read or nothing differs.</returns>
    public Outcome<IReadOnlyList<JudgedValue>> Apply(OpenedReading opened, decimal? main, IReadOnlyList<RegisterValueRequest>? registers, string? reason)
    {
        var reading = opened.Reading;
        if (reading.State is ReadingState.Superseded)
        {
            return ReadingProblems.NotCorrectable.Because("The reading is superseded; nothing in it counts any more.");
        }

        var named = NamedRegisters.Of(opened.Meter, main, registers);
        if (!named.Succeeded)
        {
            return named.Problem;
        }

        var now = clock.GetUtcNow().ToStored();
        var judged = new List<JudgedValue>();
        for (var index = 0; index < named.Value.Registers.Count; index++)
        {
            var (register, corrected) = (named.Value.Registers[index], named.Value.Values[index]);
            if (!Bounds.CanHold(corrected))
            {
                return ReadingProblems.BadValue.For("registers", $"The value {corrected.ToString(System.Globalization.CultureInfo.InvariantCulture)} has more than 12 digits before the point or more than 6 behind.");
            }

            if (opened.Found.Live.FirstOrDefault(value => value.RegisterId == register.Id) is not { } wrong)
            {
                return ReadingProblems.NotCorrectable.Because($"The register {register.Label} was not read at this visit; record another reading.");
            }

            if (wrong.Value == corrected && wrong.State is not ReadingState.Rejected)
            {
                continue;
            }

            opened.Ledger.Withdraw(wrong);
            wrong.State = ReadingState.Superseded;
            judged.Add(opened.Ledger.Judge(reading, register, corrected, ids.Next<ReadingValueId>(), wrong.Id, now));
        }

        if (judged.Count == 0)
        {
            return ReadingProblems.NotCorrectable.Because("The values given are the ones that are stored.");
        }

        opened.Found.Values.AddRange(judged.Select(one => one.Value));
        db.AddRange(judged.Select(one => one.Value));
        reading.VerifiedAt = null;
        reading.VerifiedBy = null;
        opened.Decided(callers.Caller, now, reason);
        return judged;
    }
}
