using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>Puts the first photo of each reading into the first of its rows, until the file has as many as it may.</summary>
/// <param name="pictures">Where photos are kept.</param>
/// <param name="table">Takes them.</param>
/// <param name="column">Of the photos, the first is 0.</param>
/// <param name="most">Photos a file may have.</param>
internal sealed class ReadingPhotos(IReadingPictures pictures, IPictureSink table, int column, int most)
{
    /// <summary>Readings that are looked up at once: their thumbnails are in memory together.</summary>
    public const int ReadingsAtOnce = 64;

    private readonly Dictionary<Guid, ReadingPicture> found = [];
    private Guid last;

    public int Shown { get; private set; }

    /// <summary>Readings with photos whose picture had no room.</summary>
    public int LeftOut { get; private set; }

    public async Task LookUpAsync(IEnumerable<LedgerValue> values, CancellationToken cancellationToken)
    {
        found.Clear();
        var readings = values.Select(value => new ReadingId(value.ReadingId)).Distinct().ToList();
        await foreach (var picture in pictures.FindAsync(readings, withThumbnails: Shown < most, cancellationToken))
        {
            found[picture.ReadingId.Value] = picture;
        }
    }

    /// <summary>Before the first cell of a row.</summary>
    /// <returns>How many photos the reading has; null for none.</returns>
    public int? Show(LedgerValue value)
    {
        var isFirstRow = value.ReadingId != last;
        last = value.ReadingId;
        if (!found.TryGetValue(value.ReadingId, out var picture))
        {
            return null;
        }

        if (isFirstRow && Shown >= most)
        {
            LeftOut++;
        }
        else if (isFirstRow && picture.Thumbnail is { } jpeg)
        {
            table.PictureOfNextRow(column, new TablePicture(jpeg, picture.Width, picture.Height, $"Photo of meter {value.SerialNumber}, {value.At.UtcDateTime:yyyy-MM-dd HH:mm}"));
            Shown++;
        }

        return picture.Photos;
    }
}
