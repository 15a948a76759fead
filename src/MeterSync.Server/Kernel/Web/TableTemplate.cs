using MeterSync.Kernel.Tabular;

namespace MeterSync.Kernel.Web;

/// <summary>A table to fill in, as a download that spreadsheets open.</summary>
public static class TableTemplate
{
    public static async Task WriteAsync(HttpResponse response, string fileName, string[] headings, IEnumerable<string[]> examples, CancellationToken cancellationToken)
    {
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        await using var table = new TableWriter(response.BodyWriter, new TableWriteOptions { WithByteOrderMark = true });
        foreach (var row in examples.Prepend(headings))
        {
            table.Texts(row);
            await table.EndRowAsync(cancellationToken);
        }

        await table.CompleteAsync(cancellationToken);
    }
}
