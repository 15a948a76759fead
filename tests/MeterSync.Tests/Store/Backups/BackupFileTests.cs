using System.Security.Cryptography;
using System.Text;
using MeterSync.Store.Backups;

namespace MeterSync.Tests.Store.Backups;

public sealed class BackupFileTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("metersync-backup-file-");

    private string File => Path.Combine(folder.FullName, "b.msb");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_comes_back_as_it_was_written()
    {
        var large = RandomNumberGenerator.GetBytes(20_000_000); // more than two parts, and random so that compressing saves nothing
        var photo = RandomNumberGenerator.GetBytes(70_000);
        await using (var writer = new BackupWriter(File, At))
        {
            await writer.AddAsync(Manifest(), CancellationToken.None);
            await writer.AddPackedAsync("tables/a.copy", target => target.WriteAsync(large).AsTask(), CancellationToken.None);
            await writer.AddAsync("keys/key-1.xml", "<key/>"u8.ToArray(), 6, CancellationToken.None);
            await writer.AddFileAsync(HashOf(photo), new MemoryStream(photo), CancellationToken.None);
            await writer.AddFileAsync(HashOf([]), new MemoryStream(), CancellationToken.None);
            await writer.FinishAsync(CancellationToken.None);
        }

        var backup = await BackupFile.VerifyAsync(File, _ => { }, CancellationToken.None);
        Assert.Equal((2, photo.Length), (backup.Contents.FileCount, backup.Contents.FileBytes));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));

        var found = new Dictionary<string, byte[]>();
        await using var reader = new BackupReader(File);
        while (await reader.NextAsync(CancellationToken.None) is { } name)
        {
            var content = new MemoryStream();
            await reader.Content.CopyToAsync(content);
            found.Add(name, content.ToArray());
        }

        Assert.Equal(["manifest.json", "tables/a.copy", "keys/key-1.xml", BackupFormat.PlaceOf(HashOf(photo)), BackupFormat.PlaceOf(HashOf([])), "contents.json"], found.Keys);
        Assert.True(large.AsSpan().SequenceEqual(found["tables/a.copy"]));
        Assert.Equal(photo, found[BackupFormat.PlaceOf(HashOf(photo))]);
    }

    [Fact]
    public async Task What_is_not_read_is_passed_over()
    {
        await WriteSmallAsync();
        await using var reader = new BackupReader(File);
        var names = new List<string>();
        while (await reader.NextAsync(CancellationToken.None) is { } name)
        {
            names.Add(name);
        }

        Assert.Equal("contents.json", names[^1]);
        Assert.Contains("keys/key-1.xml", names);
    }

    [Fact]
    public async Task Any_altered_byte_is_noticed()
    {
        await WriteSmallAsync();
        var whole = await System.IO.File.ReadAllBytesAsync(File);
        for (var position = 0; position < whole.Length; position++)
        {
            var altered = whole.ToArray();
            altered[position] ^= 0x20;
            await System.IO.File.WriteAllBytesAsync(File, altered);
            await DamagedAsync($"the byte at {position} was altered");
        }
    }

    [Fact]
    public async Task A_file_cut_off_anywhere_is_noticed_and_one_that_was_added_to()
    {
        await WriteSmallAsync();
        var whole = await System.IO.File.ReadAllBytesAsync(File);
        for (var length = 0; length < whole.Length; length += 37)
        {
            await System.IO.File.WriteAllBytesAsync(File, whole[..length]);
            await DamagedAsync($"it was cut off at {length}");
        }

        await System.IO.File.WriteAllBytesAsync(File, [.. whole, 0]);
        await DamagedAsync("a byte was added");
    }

    [Fact]
    public async Task The_part_that_is_damaged_is_named()
    {
        await WriteSmallAsync();
        var whole = await System.IO.File.ReadAllBytesAsync(File);
        var at = Encoding.ASCII.GetString(whole).IndexOf("<key/>", StringComparison.Ordinal);
        whole[at + 1] ^= 1;
        await System.IO.File.WriteAllBytesAsync(File, whole);
        Assert.Contains("keys/key-1.xml", (await DamagedAsync("a key was altered")).Message, StringComparison.Ordinal);

        await WriteSmallAsync();
        await System.IO.File.WriteAllBytesAsync(File, (await System.IO.File.ReadAllBytesAsync(File))[..(at + 2)]);
        Assert.Contains("tables/a.copy", (await DamagedAsync("it was cut off within the key")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a table of meters, nothing else")]
    [InlineData("{\"product\": \"metersync\"}")]
    public async Task Another_file_is_no_backup(string content)
    {
        await System.IO.File.WriteAllTextAsync(File, content);
        Assert.Contains("no MeterSync backup", (await DamagedAsync("it is another file")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_archive_is_no_backup()
    {
        var inside = folder.CreateSubdirectory("inside");
        await System.IO.File.WriteAllTextAsync(Path.Combine(inside.FullName, "manifest.txt"), "{}");
        await System.Formats.Tar.TarFile.CreateFromDirectoryAsync(inside.FullName, File, includeBaseDirectory: false);
        Assert.Contains("no MeterSync backup", (await DamagedAsync("it is another archive")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_from_the_future_is_refused_with_the_release_that_made_it()
    {
        await using (var writer = new BackupWriter(File, At))
        {
            await writer.AddAsync(Manifest() with { Format = BackupFormat.Version + 1, Version = "99.1.0" }, CancellationToken.None);
            await writer.FinishAsync(CancellationToken.None);
        }

        var refusal = await Assert.ThrowsAsync<RestoreRefusedException>(() => BackupFile.VerifyAsync(File, _ => { }, CancellationToken.None));
        Assert.Contains("99.1.0", refusal.Message, StringComparison.Ordinal);
    }

    internal static BackupManifest Manifest() => new(BackupFormat.Version, BackupFormat.Product, Guid.CreateVersion7(), "1.2.3", "sqlite", At, 1, Guid.CreateVersion7(), 100, [], [], true);

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private async Task WriteSmallAsync()
    {
        var photo = "a photo"u8.ToArray();
        await using var writer = new BackupWriter(File, At);
        await writer.AddAsync(Manifest(), CancellationToken.None);
        await writer.AddPackedAsync("tables/a.copy", target => target.WriteAsync("rows"u8.ToArray()).AsTask(), CancellationToken.None);
        await writer.AddAsync("keys/key-1.xml", "<key/>"u8.ToArray(), 6, CancellationToken.None);
        await writer.AddFileAsync(HashOf(photo), new MemoryStream(photo), CancellationToken.None);
        await writer.FinishAsync(CancellationToken.None);
    }

    private async Task<BackupDamagedException> DamagedAsync(string how)
    {
        try
        {
            await BackupFile.VerifyAsync(File, _ => { }, CancellationToken.None);
        }
        catch (BackupDamagedException exception)
        {
            return exception;
        }
        catch (RestoreRefusedException exception) when (exception.Message.Contains("in a form", StringComparison.Ordinal))
        {
            return new BackupDamagedException(exception.Message); // the altered byte was the form's own number
        }

        throw new Xunit.Sdk.XunitException($"Nothing was noticed although {how}.");
    }
}
