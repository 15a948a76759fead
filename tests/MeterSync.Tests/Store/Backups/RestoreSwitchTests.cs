using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Backups;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MeterSync.Tests.Store.Backups;

/// <summary>A restore broken off at each of its last steps, as the files lie then.</summary>
public sealed class RestoreSwitchTests : IDisposable
{
    private static readonly string[] Old = ["metersync.db", "metersync.db-wal", "metersync.db-shm", "audit-head"];
    private static readonly string[] New = ["metersync.db", "audit-head"];
    private readonly DataDirectory data = new(Directory.CreateTempSubdirectory("metersync-switch-").FullName);

    public void Dispose() => Directory.Delete(data.Path, recursive: true);

    [Fact]
    public async Task Before_the_new_data_are_whole_it_is_undone()
    {
        var journal = Lay(RestorePhase.Staging);
        await SettleAsync();
        Assert.All(Old, name => Assert.Equal("old " + name, ReadIn(data.Path, name)));
        Assert.False(Directory.Exists(journal.FolderIn(data)));
        Assert.False(RestoreJournal.Exists(data));
        await SettleAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Among_the_steps_that_move_the_old_data_aside_it_is_completed(int done)
    {
        var journal = Lay(RestorePhase.MovingAside);
        Move(Old.Take(done), data.Path, journal.AsideIn(data));
        await SettleAsync();
        RequireNew(journal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Among_the_steps_that_place_the_new_data_it_is_completed(int done)
    {
        var journal = Lay(RestorePhase.Placing);
        Move(Old, data.Path, journal.AsideIn(data));
        Move(New.Take(done), journal.FolderIn(data), data.Path);
        await SettleAsync();
        RequireNew(journal);
    }

    [Fact]
    public async Task After_the_last_move_only_the_journal_is_left_to_close()
    {
        var journal = Lay(RestorePhase.Placing);
        Move(Old, data.Path, journal.AsideIn(data));
        Move(New, journal.FolderIn(data), data.Path);
        Directory.Delete(journal.FolderIn(data), recursive: true);
        Directory.CreateDirectory(journal.FolderIn(data));
        await SettleAsync();
        RequireNew(journal);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_stops_the_start()
    {
        await File.WriteAllTextAsync(Path.Combine(data.Path, "restore-journal.json"), "{\"phase\":");
        await Assert.ThrowsAsync<StartRefusedException>(SettleAsync);
    }

    private RestoreJournal Lay(RestorePhase phase)
    {
        var at = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
        var journal = new RestoreJournal(Guid.CreateVersion7(), "sqlite", Guid.CreateVersion7(), at, at.AddHours(1), phase);
        journal.Write(data);
        Directory.CreateDirectory(journal.FolderIn(data));
        foreach (var name in Old)
        {
            File.WriteAllText(Path.Combine(data.Path, name), "old " + name);
        }

        foreach (var name in New)
        {
            File.WriteAllText(Path.Combine(journal.FolderIn(data), name), "new " + name);
        }

        return journal;
    }

    private static void Move(IEnumerable<string> names, string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var name in names)
        {
            File.Move(Path.Combine(from, name), Path.Combine(to, name));
        }
    }

    private void RequireNew(RestoreJournal journal)
    {
        Assert.All(New, name => Assert.Equal("new " + name, ReadIn(data.Path, name)));
        Assert.All(Old.Except(New), name => Assert.False(File.Exists(Path.Combine(data.Path, name))));
        Assert.All(Old, name => Assert.Equal("old " + name, ReadIn(journal.AsideIn(data), name)));
        Assert.False(Directory.Exists(journal.FolderIn(data)));
        Assert.False(RestoreJournal.Exists(data));
    }

    private static string ReadIn(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    private Task SettleAsync() => new RestoreSettlement(data, new PostgresSource(null), Options.Create(new StoreOptions()), NullLogger<RestoreSettlement>.Instance).SettleAsync(CancellationToken.None);
}
