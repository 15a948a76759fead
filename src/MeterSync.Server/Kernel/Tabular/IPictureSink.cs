namespace MeterSync.Kernel.Tabular;

/// <summary>A picture as a table shows it.</summary>
/// <param name="Jpeg">Its bytes.</param>
/// <param name="Width">Pixels along.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Description">For who cannot see it.</param>
public sealed record TablePicture(byte[] Jpeg, int Width, int Height, string Description);

/// <summary>A table that can show pictures. Memory does not grow with their bytes.</summary>
public interface IPictureSink : ITableSink
{
    /// <summary>Shows a picture in a cell of the next row, which becomes tall enough for it. Called before the row's first cell, once at most; the cell itself is then left empty.</summary>
    /// <param name="column">The first is 0; one of the kind <see cref="SinkColumnKind.Picture"/>.</param>
    /// <param name="picture">What is shown.</param>
    void PictureOfNextRow(int column, TablePicture picture);
}
