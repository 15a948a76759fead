using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Tests.Modules.Readings;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Audit;

/// <summary>What is known of a person can be told, and forgotten without breaking the chain.</summary>
public abstract class ForgottenPersonTests(ServerFixture server)
{
    private const string Password = "correct-horse-battery";

    [Fact]
    public async Task An_erased_person_is_in_no_table_and_the_chain_still_verifies()
    {
        var admin = await server.SignInAsync("admin");
        var agent = "Zyxt-Browser/" + Guid.CreateVersion7().ToString("n")[^6..];
        var person = await AuditLog.AddUserAsync(admin, "Quendolyn", "manager");
        var id = Guid.Parse((string)person["id"]!);
        var http = server.Anonymous();
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
        var theirs = await ApiClient.SignInAsync(http, (string)person["username"]!, Password);
        await ActAsync(theirs);

        var before = await AuditLog.ReadAsync(admin, $"&user_id={id}");
        Assert.True(before.Count >= 4, "The person did several things.");
        Assert.Contains(before, entry => (string?)entry["action"] == "meters.imported");
        Assert.All(before, entry => Assert.Equal((string?)person["name"], (string?)entry["actor"]));
        var reading = before.Find(entry => (string?)entry["entity_type"] == "reading")!;
        Assert.Equal((51.5072, "phone-Zyxt"), ((double?)reading["new_data"]!["latitude"], (string?)reading["new_data"]!["device_id"]));
        Assert.Equal(agent, (string?)reading["user_agent"]);

        var told = await ToldAsync(id);
        Assert.Equal((string?)person["name"], (string?)told["imports"]!.AsArray()[0]!["created_by"]);
        Assert.Equal("phone-Zyxt", (string?)told["readings"]!.AsArray()[0]!["device_id"]);
        Assert.Contains(told["audit_log"]!.AsArray(), entry => (string?)entry!["new_data"]?["email"] == (string?)person["email"]);

        await EraseAsync(id);
        string[] traces = [(string)person["email"]!, (string)person["username"]!, (string)person["name"]!, "Quendolyn", agent, "phone-Zyxt"];
        foreach (var trace in traces)
        {
            Assert.Equal([], await StoredText.FindAsync(server, trace));
        }

        var after = await AuditLog.ReadAsync(admin, $"&user_id={id}");
        Assert.Equal(before.Count, after.Count);
        Assert.All(after, entry => Assert.Equal(Forgotten.Text, (string?)entry["actor"]));
        reading = after.Find(entry => (string?)entry["entity_type"] == "reading")!;
        Assert.Equal((Forgotten.Text, Forgotten.Text, Forgotten.Text, Forgotten.Text), ((string?)reading["user_agent"], (string?)reading["ip_address"], (string?)reading["new_data"]!["latitude"], (string?)reading["new_data"]!["device_id"]));
        Assert.NotNull(reading["new_data"]!["meter_id"]);
        var made = (await AuditLog.ReadAsync(admin, $"&entity_id={id}"))[^1];
        Assert.Equal((Forgotten.Text, Forgotten.Text, "manager"), ((string?)made["new_data"]!["email"], (string?)made["new_data"]!["name"], (string?)made["new_data"]!["roles"]));
        Assert.True((bool?)(await AuditLog.VerifyAsync(admin))["unbroken"]);

        await EraseAsync(id); // again is the same as once
        Assert.True((bool?)(await AuditLog.VerifyAsync(admin))["unbroken"]);
    }

    [Fact]
    public async Task What_an_erased_person_still_does_is_kept_without_a_trace_of_the_person()
    {
        var admin = await server.SignInAsync("admin");
        var person = await AuditLog.AddUserAsync(admin, "latecomer", "manager");
        var id = Guid.Parse((string)person["id"]!);
        var theirs = await ApiClient.SignInAsync(server.Anonymous(), (string)person["username"]!, Password);
        await AuditLog.AddMeterAsync(theirs);
        await EraseAsync(id);
        await AuditLog.AddMeterAsync(theirs); // the token is still good for some minutes
        var entries = await AuditLog.ReadAsync(admin, $"&user_id={id}");
        Assert.All(entries, entry => Assert.Equal(Forgotten.Text, (string?)entry["ip_address"]));
        await using var scope = server.Services.CreateAsyncScope();
        Assert.All(await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<PersonKey>().Where(key => key.PersonId == id).ToListAsync(), key => Assert.Null(key.Secret));
    }

    [Fact]
    public async Task Another_process_forgets_an_erased_key_when_it_looks_again()
    {
        var admin = await server.SignInAsync("admin");
        var person = Guid.Parse((string)(await AuditLog.AddUserAsync(admin, "elsewhere", "manager"))["id"]!);
        await using var scope = server.Services.CreateAsyncScope();
        var other = ActivatorUtilities.CreateInstance<PersonKeys>(server.Services);
        Assert.NotNull((await other.OfAsync(scope.ServiceProvider.GetRequiredService<MeterSyncDb>(), person, CancellationToken.None)).Cipher);
        await EraseAsync(person);
        Assert.NotNull((await other.OfAsync(scope.ServiceProvider.GetRequiredService<MeterSyncDb>(), person, CancellationToken.None)).Cipher);
        await other.RefreshAsync(CancellationToken.None);
        Assert.Equal(PersonSeal.Erased, await other.OfAsync(scope.ServiceProvider.GetRequiredService<MeterSyncDb>(), person, CancellationToken.None));
    }

    [Fact]
    public async Task A_persons_key_that_was_lost_is_followed_by_a_new_one_and_old_values_say_so()
    {
        var admin = await server.SignInAsync("admin");
        var person = await AuditLog.AddUserAsync(admin, "lost", "manager");
        var id = Guid.Parse((string)person["id"]!);
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        await db.Set<PersonKey>().Where(key => key.PersonId == id).ExecuteUpdateAsync(set => set.SetProperty(key => key.Secret, new byte[] { 1, 2, 3 }));
        var keys = server.Services.GetRequiredService<PersonKeys>();
        keys.Forget(id);

        Assert.Equal(Forgotten.Unreadable, (string?)(await AuditLog.ReadAsync(admin, $"&entity_id={id}"))[0]["new_data"]!["email"]);
        Assert.Equal(PersonSeal.Unreadable, await keys.OfAsync(db, id, CancellationToken.None));
        await keys.ReplaceLostAsync(db, CancellationToken.None);
        Assert.NotNull((await keys.OfAsync(db, id, CancellationToken.None)).Cipher);
    }

    private static async Task ActAsync(ApiClient client)
    {
        var meter = await AuditLog.AddMeterAsync(client);
        var reading = await client.PostAsync("/api/v1/readings", new { meter_id = (string?)meter["id"], reading_value = 12.5, latitude = 51.5072, longitude = -0.1276, device_id = "phone-Zyxt" }, headers => headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString()));
        Assert.True((int)reading.Status == 201, reading.Body.ToJsonString());
        var serial = "F-" + Guid.CreateVersion7().ToString("n")[^8..];
        var job = await client.RunFileJobAsync("/api/v1/meters/import", "list.csv", Encoding.UTF8.GetBytes($"meter_number,type\n{serial},electric\n"));
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        var export = await client.PostAsync("/api/v1/export/csv", new { type = "meters" });
        await client.WaitForJobAsync($"/api/v1/export/status/{(string?)export.Data["id"]}");
        var frozen = await client.PostAsync("/api/v1/billing-runs", new { name = "March", period_from = ReadingScene.Text(ReadingScene.Day(40)), period_to = ReadingScene.Text(ReadingScene.Day(10)), allow_overlap = true });
        await client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)frozen.Data["id"]}");
    }

    private async Task<JsonNode> ToldAsync(Guid person)
    {
        await using var scope = server.Services.CreateAsyncScope();
        using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var data in scope.ServiceProvider.GetServices<IPersonalData>())
            {
                json.WritePropertyName(data.Section);
                await data.WriteAsync(json, new UserId(person), CancellationToken.None);
            }

            json.WriteEndObject();
        }

        return JsonNode.Parse(stream.ToArray())!;
    }

    /// <summary>As the route that erases does: everybody's part, and the person's own rows, in one transaction.</summary>
    private async Task EraseAsync(Guid person)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var outcome = await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<Done>(
            async token =>
            {
                foreach (var data in scope.ServiceProvider.GetServices<IPersonalData>())
                {
                    await data.EraseAsync(new UserId(person), token);
                }

                await db.Set<Session>().Where(session => session.UserId == new UserId(person)).ExecuteUpdateAsync(set => set.SetProperty(session => session.IpAddress, (string?)null).SetProperty(session => session.UserAgent, (string?)null), token);
                var user = await db.Set<User>().SingleAsync(known => known.Id == new UserId(person), token);
                (user.Email, user.Username, user.Name, user.Status) = ($"{person:n}@erased.invalid", null, Forgotten.Text, UserStatus.Inactive);
                await db.SaveChangesAsync(token);
                return Done.It;
            },
            CancellationToken.None);
        Assert.True(outcome.Succeeded);
    }
}

public sealed class ForgottenPersonOnSqliteTests(AuditedSqlite server) : ForgottenPersonTests(server), IClassFixture<AuditedSqlite>;

public sealed class ForgottenPersonOnPostgresTests(AuditedPostgres server) : ForgottenPersonTests(server), IClassFixture<AuditedPostgres>;
