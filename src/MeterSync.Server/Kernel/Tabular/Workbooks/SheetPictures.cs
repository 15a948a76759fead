using System.Globalization;
using System.IO.Packaging;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>
/// The pictures of a workbook. A package that is written as it goes has one part open at a time, so pictures wait in a file until the rows of their sheet are written;
/// in memory is only where each lies.
/// </summary>
/// <param name="file">Made with the first picture, and deleted.</param>
internal sealed class SheetPictures(string file) : IDisposable
{
    private const string DrawingContentType = "application/vnd.openxmlformats-officedocument.drawing+xml";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const int UnitsOfPixel = 9_525, MarginPixels = 4, RowPixels = 120, ColumnPixels = 160;

    private readonly List<Waiting> _waiting = [];
    private FileStream? _stored;
    private int _media;
    private int _drawings;

    /// <summary>Of a row with a picture, in points.</summary>
    public const int RowPoints = RowPixels * 3 / 4;

    /// <summary>Of the sheet that is being written.</summary>
    public int Count => _waiting.Count;

    /// <param name="row">The first is 1.</param>
    /// <param name="column">The first is 0.</param>
    /// <param name="picture">Its bytes are stored, not kept.</param>
    public void Add(int row, int column, TablePicture picture)
    {
        _stored ??= new FileStream(file, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        _waiting.Add(new Waiting(row, column, _stored.Position, picture.Jpeg.Length, Math.Max(1, picture.Width), Math.Max(1, picture.Height), picture.Description));
        _stored.Write(picture.Jpeg);
    }

    /// <summary>Writes the pictures of a sheet whose own part is closed, and begins anew for the next one.</summary>
    public void Write(Package package, PackagePart sheet, string relation)
    {
        var number = ++_drawings;
        var first = _media;
        foreach (var picture in _waiting)
        {
            Copy(package, picture);
        }
        var place = UriOf($"/xl/drawings/drawing{number}.xml");
        var drawing = package.CreatePart(place, DrawingContentType, CompressionOption.SuperFast);
        using (var stream = drawing.GetStream(FileMode.Create, FileAccess.Write))
        using (var xml = new SheetXml(stream))
        {
            WriteDrawing(xml);
            xml.Flush();
        }
        for (var index = 0; index < _waiting.Count; index++)
        {
            drawing.CreateRelationship(UriOf($"../media/image{first + index + 1}.jpeg"), TargetMode.Internal, Relations + "/image", string.Create(CultureInfo.InvariantCulture, $"rId{index + 1}"));
        }
        sheet.CreateRelationship(UriOf($"../drawings/drawing{number}.xml"), TargetMode.Internal, Relations + "/drawing", relation);
        _waiting.Clear();
        _stored?.SetLength(0);
    }

    public void Dispose() => _stored?.Dispose();

    private void Copy(Package package, Waiting picture)
    {
        var part = package.CreatePart(UriOf($"/xl/media/image{++_media}.jpeg"), "image/jpeg", CompressionOption.NotCompressed);
        using var output = part.GetStream(FileMode.Create, FileAccess.Write);
        var bytes = System.Buffers.ArrayPool<byte>.Shared.Rent(picture.Length);
        _stored!.Position = picture.Offset;
        _stored.ReadExactly(bytes, 0, picture.Length);
        output.Write(bytes, 0, picture.Length);
        System.Buffers.ArrayPool<byte>.Shared.Return(bytes);
    }

    private void WriteDrawing(SheetXml xml)
    {
        xml.Markup("<?xml version=\"1.0\" encoding=\"utf-8\"?><xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"u8);
        for (var index = 0; index < _waiting.Count; index++)
        {
            WriteAnchor(xml, _waiting[index], index + 1);
        }
        xml.Markup("</xdr:wsDr>"u8);
    }

    /// <summary>Held by both corners, so that the picture goes along where rows are sorted, filtered or made taller.</summary>
    private static void WriteAnchor(SheetXml xml, Waiting picture, int number)
    {
        var scale = Math.Min(1.0, Math.Min((ColumnPixels - (2.0 * MarginPixels)) / picture.Width, (RowPixels - (2.0 * MarginPixels)) / picture.Height));
        var (width, height) = (Math.Max(1, (int)(picture.Width * scale)), Math.Max(1, (int)(picture.Height * scale)));
        xml.Markup("<xdr:twoCellAnchor editAs=\"twoCell\"><xdr:from>"u8);
        WriteCorner(xml, picture, MarginPixels, MarginPixels);
        xml.Markup("</xdr:from><xdr:to>"u8);
        WriteCorner(xml, picture, MarginPixels + width, MarginPixels + height);
        xml.Markup("</xdr:to><xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\""u8);
        xml.Value(number + 1);
        xml.Markup("\" name=\"Picture "u8);
        xml.Value(number);
        xml.Markup("\" descr=\""u8);
        xml.Text(SheetText.Clean(picture.Description.Replace('"', '\'')));
        xml.Markup("\"/><xdr:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill><a:blip r:embed=\"rId"u8);
        xml.Value(number);
        xml.Markup("\"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\""u8);
        xml.Value(width * UnitsOfPixel);
        xml.Markup("\" cy=\""u8);
        xml.Value(height * UnitsOfPixel);
        xml.Markup("\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:twoCellAnchor>"u8);
    }

    private static void WriteCorner(SheetXml xml, Waiting picture, int alongPixels, int downPixels)
    {
        xml.Markup("<xdr:col>"u8);
        xml.Value(picture.Column);
        xml.Markup("</xdr:col><xdr:colOff>"u8);
        xml.Value(alongPixels * UnitsOfPixel);
        xml.Markup("</xdr:colOff><xdr:row>"u8);
        xml.Value(picture.Row - 1);
        xml.Markup("</xdr:row><xdr:rowOff>"u8);
        xml.Value(downPixels * UnitsOfPixel);
        xml.Markup("</xdr:rowOff>"u8);
    }

    private static Uri UriOf(FormattableString text) => new(text.ToString(CultureInfo.InvariantCulture), UriKind.Relative);

    private sealed record Waiting(int Row, int Column, long Offset, int Length, int Width, int Height, string Description);
}
