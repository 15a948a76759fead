using MeterSync.Store;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Store;

public sealed class ConnectionTuningTests
{
    [Fact]
    public void Connections_prepare_and_go_back_as_they_are()
    {
        var tuned = new NpgsqlConnectionStringBuilder(StoreRegistration.Tuned("Host=127.0.0.1;Database=metersync"));
        Assert.True(tuned.NoResetOnClose);
        Assert.True(tuned.MaxAutoPrepare > 0);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;No Reset On Close=false;Max Auto Prepare=0")]
    [InlineData("Host=127.0.0.1;NoResetOnClose=false;MaxAutoPrepare=0")]
    public void The_connection_string_decides_where_it_says_so(string given)
    {
        var tuned = new NpgsqlConnectionStringBuilder(StoreRegistration.Tuned(given));
        Assert.False(tuned.NoResetOnClose);
        Assert.Equal(0, tuned.MaxAutoPrepare);
    }
}
