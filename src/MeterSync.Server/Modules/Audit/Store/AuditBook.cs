using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Modules.Audit.Public;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Audit.Store;

internal sealed class AuditBook(AuditQueries queries, AuditViews views) : IAuditBook
{
    private const int AtOnce = 500;

    public async IAsyncEnumerable<AuditEntryView> EntriesAsync(DateTimeOffset? from, DateTimeOffset? to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = queries.Of(new AuditFilter(null, null, null, null, from, to));
        var next = wanted;
        while (true)
        {
            var part = await next.OrderBy(entry => entry.At).ThenBy(entry => entry.Id).Take(AtOnce).ToListAsync(cancellationToken);
            foreach (var view in await views.OfAsync(part, cancellationToken))
            {
                yield return view;
            }

            if (part.Count < AtOnce)
            {
                yield break;
            }

            var (at, id) = (part[^1].At, part[^1].Id);
            next = wanted.Where(entry => entry.At >= at && (entry.At > at || entry.Id.CompareTo(id) > 0));
        }
    }

    public Task<int> CountAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        queries.Of(new AuditFilter(null, null, null, null, from, to)).Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
}
