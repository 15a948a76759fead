using System.Net;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Audit;

public abstract class VerifyAuditLogTests(ServerFixture server)
{
    [Fact]
    public async Task Changes_are_sealed_and_the_chain_is_unbroken_from_one_verification_to_the_next()
    {
        var admin = await server.SignInAsync("admin");
        var meter = (string)(await AuditLog.AddMeterAsync(admin))["id"]!;
        var first = await AuditLog.VerifyAsync(admin);
        Assert.True((bool?)first["unbroken"]);
        Assert.True((long?)first["entries"] > 9, "The demo accounts are in the log.");
        Assert.All(await AuditLog.ReadAsync(admin, $"&entity_id={meter}"), entry => Assert.NotNull(entry["seq"]));

        await AuditLog.AddMeterAsync(admin);
        var second = await AuditLog.VerifyAsync(admin, (string?)first["head"]);
        Assert.True((bool?)second["unbroken"]);
        Assert.True((long?)second["entries"] > (long?)first["entries"]);

        var ahead = $"{(long?)second["entries"] + 100}:{new string('0', 64)}";
        var cut = await AuditLog.VerifyAsync(admin, ahead);
        Assert.Equal((false, "end_missing"), ((bool?)cut["unbroken"], (string?)cut["broken"]!["fault"]));
        var other = await AuditLog.VerifyAsync(admin, $"1:{new string('0', 64)}");
        Assert.Equal((false, "not_as_expected", 1), ((bool?)other["unbroken"], (string?)other["broken"]!["fault"], (int?)other["broken"]!["seq"]));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("0:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("7:xyz")]
    [InlineData("-1:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_entry_cannot_be_expected(string expect)
    {
        var admin = await server.SignInAsync("admin");
        var answer = await admin.PostAsync("/api/v1/audit-logs/verify", new { expect });
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Body["error"]!["details"]!["expect"]);
    }

    [Fact]
    public async Task Another_job_is_no_verification()
    {
        var admin = await server.SignInAsync("admin");
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/api/v1/audit-logs/verify/{Guid.CreateVersion7()}")).Status);
    }

    [Fact]
    public async Task Sealing_is_part_of_the_servers_health()
    {
        var health = await new ApiClient(server.Anonymous()).GetAsync("/health");
        Assert.Equal("healthy", (string?)health.Data["dependencies"]!["audit"]!["status"]);
    }
}

public sealed class VerifyAuditLogOnSqliteTests(SqliteServer server) : VerifyAuditLogTests(server), IClassFixture<SqliteServer>;

public sealed class VerifyAuditLogOnPostgresTests(PostgresServer server) : VerifyAuditLogTests(server), IClassFixture<PostgresServer>;
