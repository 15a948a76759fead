using System.Globalization;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>Sets a phone's wall clock: <c>Date</c> in its pages and service workers, also in those that come. Monotonic clocks (<c>performance.now</c>, timers) go on as they are, as on a phone that is set.</summary>
internal sealed class PhoneClock
{
    private const string Install = """
        if (!globalThis.__clockShift) {
          const Real = Date;
          const shift = { ms: 0 };
          const Shifted = function (...parts) {
            if (!new.target) return new Real(Real.now() + shift.ms).toString();
            return Reflect.construct(Real, parts.length === 0 ? [Real.now() + shift.ms] : parts, new.target);
          };
          Object.setPrototypeOf(Shifted, Real);
          Shifted.prototype = Real.prototype;
          Shifted.prototype.constructor = Shifted;
          Shifted.now = () => Real.now() + shift.ms;
          globalThis.Date = Shifted;
          Object.defineProperty(globalThis, "__clockShift", { value: shift });
        }
        """;

    private TimeSpan _shift = TimeSpan.Zero;
    private bool _isSet;

    /// <summary>Every phone that was set once is set again when it is opened again.</summary>
    public async Task AttachAsync(IBrowserContext context)
    {
        if (_isSet)
        {
            await SetAsync(context, _shift);
        }
    }

    public async Task SetAsync(IBrowserContext context, TimeSpan shift)
    {
        _shift = shift;
        _isSet = true;
        // Of several init scripts the last one holds.
        await context.AddInitScriptAsync(Script);
        foreach (var page in context.Pages)
        {
            await page.EvaluateAsync(Script);
        }
    }

    /// <summary>Sets the clock of whoever runs it: init scripts do not run in service workers. Null for a phone that was never set.</summary>
    public string? ScriptOfWorkers => _isSet ? Script : null;

    private string Script => string.Create(CultureInfo.InvariantCulture, $"(() => {{ {Install} globalThis.__clockShift.ms = {(long)_shift.TotalMilliseconds}; }})()");
}
