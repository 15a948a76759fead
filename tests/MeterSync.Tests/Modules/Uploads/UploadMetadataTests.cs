using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Uploads;

public sealed class UploadMetadataTests
{
    [Theory]
    [InlineData("fil\u00e9 bWV0ZXI=")]
    [InlineData("filename bWV0ZXI=,\u0001 bWV0ZXI=")]
    [InlineData("filename bWV0ZXI=,schl\u00fcssel")]
    public void A_key_of_other_characters_than_printable_ASCII_is_refused(string header) =>
        Assert.Equal("request.invalid", UploadMetadata.Read(header).Problem?.Code.Code);

    [Fact]
    public void A_long_name_is_not_cut_within_a_character()
    {
        // 201 UTF-16 units: the cut falls between the two of the first.
        var name = "\U0001F4F7" + new string('a', 199);
        Assert.Equal(name[2..], FileNames.Clean(name, "photo"));
        Assert.Equal(name[2..], UploadMetadata.Read(TusCaller.Metadata(("filename", name))).Value!.FileName);
        Assert.Equal("a\U0001F4F7" + name[4..], FileNames.Clean("aa\U0001F4F7" + name[4..], "photo"));
    }
}
