using System.Collections.Concurrent;
using System.Net;
using MeterSync.Tests.Support;

namespace MeterSync.Tests.Host.Verbs;

public sealed class KilledServerTests : IAsyncLifetime
{
    private const int Writers = 3;
    private const int Enough = 60;
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task Every_acknowledged_reading_is_there_after_kill_9()
    {
        await using var server = await installation.ServeAsync();
        var password = server.PrintedPassword();
        var client = await server.SignInAsAdministratorAsync();
        var acknowledged = new ConcurrentDictionary<string, decimal>();
        var meters = await MakeMetersAsync(client);

        var writing = meters.Select(meter => WriteAsync(client, meter, acknowledged)).ToList();
        while (acknowledged.Count < Enough)
        {
            Assert.DoesNotContain(writing, writer => writer.IsCompleted);
            await Task.Delay(5);
        }

        await server.KillAsync();
        await Task.WhenAll(writing);

        await using var again = await installation.ServeAsync();
        var after = await ApiClient.SignInAsync(again.Client(), "admin", password);
        foreach (var (id, value) in acknowledged)
        {
            var reading = await after.GetAsync($"/api/v1/readings/{id}");
            Assert.True(reading.Status == HttpStatusCode.OK, $"Reading {id} was acknowledged and is lost: {reading.Body.ToJsonString()}");
            Assert.Equal(value, (decimal)reading.Data["values"]![0]!["value"]!);
        }
    }

    private static async Task<List<string>> MakeMetersAsync(ApiClient client)
    {
        var meters = new List<string>();
        for (var number = 1; number <= Writers; number++)
        {
            var made = await client.PostAsync("/api/v1/meters", new { serial_number = $"W-{number}", meter_type = "electric" });
            Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
            meters.Add((string)made.Data["id"]!);
        }

        return meters;
    }

    /// <summary>One reading after the other until the server is gone.</summary>
    private static async Task WriteAsync(ApiClient client, string meter, ConcurrentDictionary<string, decimal> acknowledged)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var number = 1; ; number++)
        {
            try
            {
                var answer = await client.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = number * 3, reading_timestamp = start.AddHours(number), client_id = Guid.CreateVersion7() });
                if (answer.Status != HttpStatusCode.Created)
                {
                    throw new InvalidOperationException(answer.Body.ToJsonString());
                }

                acknowledged[(string)answer.Data["id"]!] = number * 3;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                return;
            }
        }
    }
}
