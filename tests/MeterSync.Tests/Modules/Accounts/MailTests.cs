using System.Net;
using MeterSync.Modules.Accounts.Mailing;
using MeterSync.Modules.Accounts.Store;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

public abstract class MailTests(ServerFixture server, IMailingServer mailing)
{
    [Fact]
    public async Task Who_registers_confirms_the_address_and_sees_nothing_yet()
    {
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        var body = new { email = "quin@example.org", name = "Quin", password = AccountCalls.Password };
        var first = await client.PostAsync("/api/v1/auth/register", body);
        Assert.Equal((HttpStatusCode.Created, "pending", "viewer"), (first.Status, (string?)first.Data["status"], (string?)first.Data["role"]));
        (await server.TryLoginAsync("quin@example.org")).Refused(HttpStatusCode.Forbidden, "auth.email_unconfirmed");
        (await server.TryLoginAsync("quin@example.org", "wrong-password")).Refused(HttpStatusCode.Unauthorized, "auth.wrong_credentials");

        var mail = await mailing.Sink.WaitAsync("quin@example.org", "Confirm");
        Assert.Contains($"https://meters.example.com/verify-email?token={mail.Token}", mail.Text, StringComparison.Ordinal);

        // Somebody who registers the same address meanwhile changes nothing, and gains nothing from its owner's confirming it.
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/api/v1/auth/register", new { email = "quin@example.org", name = "Somebody Else", password = "nine-loud-larks" })).Status);
        (await client.PostAsync("/api/v1/auth/verify-email", new { token = mail.Token, password = "nine-loud-larks" })).Refused(HttpStatusCode.Unauthorized, "auth.wrong_credentials");
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/api/v1/auth/verify-email", new { token = mail.Token, password = AccountCalls.Password })).Status);
        (await client.PostAsync("/api/v1/auth/verify-email", new { token = mail.Token, password = AccountCalls.Password })).Refused(HttpStatusCode.Unauthorized, "auth.token_refused");
        var quin = await server.SignInWithAsync("quin@example.org");
        var me = (await quin.GetAsync("/api/v1/auth/me")).Data;
        Assert.Equal(("viewer", "regions", 0), ((string?)me["role"], (string?)me["scope"], me["region_ids"]!.AsArray().Count));
        Assert.Equal(0, (int)(await quin.GetAsync("/api/v1/meters")).Data["total"]!);

        // An address that has an account gets the same answer, and its owner a mail.
        var again = await client.PostAsync("/api/v1/auth/register", body);
        Assert.Equal((first.Status, first.Data.ToJsonString()), (again.Status, again.Data.ToJsonString()));
        await mailing.Sink.WaitAsync("quin@example.org", "You have an account already");
    }

    [Fact]
    public async Task An_invited_person_chooses_a_password_once()
    {
        var admin = await server.SignInAsync("admin");
        var invited = await admin.PostAsync("/api/v1/users", new { email = "rae@example.org", name = "Rae \"R\" <x@example.com>", role = "agent" });
        Assert.Equal((HttpStatusCode.Created, "pending"), (invited.Status, (string?)invited.Data["status"]));
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PatchAsync($"/api/v1/users/{invited.Data["id"]}", new { status = "active" })).Status);
        var mail = await mailing.Sink.WaitAsync("rae@example.org", "Your account");
        Assert.Single(mail.Head, line => line.StartsWith("To:", StringComparison.OrdinalIgnoreCase));
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        (await client.PostAsync("/api/v1/auth/reset-password", new { token = mail.Token, new_password = "password" })).Refused(HttpStatusCode.BadRequest, "user.weak_password");
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/api/v1/auth/register", new { invitation = mail.Token, password = AccountCalls.Password })).Status);
        (await client.PostAsync("/api/v1/auth/reset-password", new { token = mail.Token, new_password = "another-good-phrase" })).Refused(HttpStatusCode.Unauthorized, "auth.token_refused");
        Assert.Equal("agent", (string?)(await (await server.SignInWithAsync("rae@example.org")).GetAsync("/api/v1/auth/me")).Data["role"]);
    }

    [Fact]
    public async Task A_forgotten_password_is_reset_once_within_its_time()
    {
        var admin = await server.SignInAsync("admin");
        await admin.MakeUserAsync("sam");
        var sam = await server.SignInWithAsync("sam");
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        var (known, unknown) = (await client.PostAsync("/api/v1/auth/forgot-password", new { email = "Sam@Example.org" }), await client.PostAsync("/api/v1/auth/forgot-password", new { email = "nobody@example.org" }));
        Assert.Equal((known.Status, known.Body.ToJsonString()), (unknown.Status, unknown.Body.ToJsonString()));
        var late = await mailing.Sink.WaitAsync("sam@example.org", "Choose a new password");
        mailing.Clock.Advance(TimeSpan.FromMinutes(31));
        (await client.PostAsync("/api/v1/auth/reset-password", new { token = late.Token, new_password = "eight-loud-herons" })).Refused(HttpStatusCode.Unauthorized, "auth.token_refused");

        await client.PostAsync("/api/v1/auth/forgot-password", new { email = "sam@example.org" });
        var mail = await mailing.Sink.WaitAsync("sam@example.org", "Choose a new password");
        var attempts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.PostAsync("/api/v1/auth/reset-password", new { token = mail.Token, new_password = "eight-loud-herons" })));
        Assert.Single(attempts, attempt => attempt.Status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, (await sam.GetAsync("/api/v1/auth/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.TryLoginAsync("sam", "eight-loud-herons")).Status);
        await mailing.Sink.WaitAsync("sam@example.org", "Your password was changed");
        Assert.DoesNotContain(mailing.Sink.Mails, sunk => sunk.To == "nobody@example.org");

        // Nobody's mailbox is filled: three an hour.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/api/v1/auth/forgot-password", new { email = "sam@example.org" })).Status);
        }

        await server.Services.GetRequiredService<MailSender>().SendDueAsync(TestContext.Current.CancellationToken);
        Assert.True(mailing.Sink.Mails.Count(sunk => sunk.To == "sam@example.org" && sunk.Subject == "Choose a new password") <= 4);
    }

    [Fact]
    public async Task A_mail_waits_while_the_mail_server_is_full()
    {
        var admin = await server.SignInAsync("admin");
        mailing.Sink.IsFull = true;
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/users", new { email = "tess@example.org", name = "Tess" })).Status);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(mailing.Sink.Mails, mail => mail.To == "tess@example.org");
        mailing.Sink.IsFull = false;
        mailing.Clock.Advance(TimeSpan.FromMinutes(5));
        await server.Services.GetRequiredService<MailSender>().SendDueAsync(TestContext.Current.CancellationToken);
        await mailing.Sink.WaitAsync("tess@example.org", "Your account");
    }

    [Fact]
    public async Task What_is_long_over_is_swept()
    {
        var admin = await server.SignInAsync("admin");
        await admin.PostAsync("/api/v1/users", new { email = "vic@example.org", name = "Vic" });
        await mailing.Sink.WaitAsync("vic@example.org", "Your account");
        var sweep = server.Services.GetRequiredService<AccountSweep>();
        mailing.Clock.Advance(TimeSpan.FromDays(200));
        Assert.True(await sweep.SweepAsync(TestContext.Current.CancellationToken) >= 3);
        Assert.Equal(0, await sweep.SweepAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_suspended_person_gets_no_key_to_the_door()
    {
        var admin = await server.SignInAsync("admin");
        var uma = await admin.MakeUserAsync("uma");
        await admin.PatchAsync($"/api/v1/users/{uma["id"]}", new { status = "suspended" });
        using var http = server.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await new ApiClient(http).PostAsync("/api/v1/auth/forgot-password", new { email = "uma@example.org" })).Status);
        await server.Services.GetRequiredService<MailSender>().SendDueAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(mailing.Sink.Mails, mail => mail.To == "uma@example.org" && mail.Subject.StartsWith("Choose", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/v1/auth/reset-password", """{"token":"x","new_password":"seven-quiet-herons"}""")]
    [InlineData("/api/v1/auth/verify-email", """{"token":"x","password":"y"}""")]
    public async Task A_token_nobody_was_sent_is_refused(string path, string body)
    {
        using var http = server.Anonymous();
        (await new ApiClient(http).PostAsync(path, body)).Refused(HttpStatusCode.Unauthorized, "auth.token_refused");
    }

    [Theory]
    [InlineData("/api/v1/auth/register", """{"email":"v@example.org","name":"V","password":"short"}""", "user.weak_password")]
    [InlineData("/api/v1/auth/register", """{"email":"v@example.org","name":"V","password":"seven-quiet-herons","role":"admin"}""", "request.invalid")]
    [InlineData("/api/v1/auth/register", """{"email":"v@example.org","name":"V","password":"seven-quiet-herons","username":"v-v"}""", "request.invalid")]
    [InlineData("/api/v1/auth/register", """{"email":"v@example.org","password":"seven-quiet-herons"}""", "request.invalid")]
    [InlineData("/api/v1/auth/register", """{"email":"ѵ@example.org","name":"V","password":"seven-quiet-herons"}""", "request.invalid")]
    [InlineData("/api/v1/auth/forgot-password", """{"email":"x"}""", "request.invalid")]
    public async Task Bad_input_from_nobody_is_refused(string path, string body, string code)
    {
        using var http = server.Anonymous();
        (await new ApiClient(http).PostAsync(path, body)).Refused(HttpStatusCode.BadRequest, code);
    }
}

public sealed class MailOnSqliteTests(MailingSqlite server) : MailTests(server, server), IClassFixture<MailingSqlite>;

public sealed class MailOnPostgresTests(MailingPostgres server) : MailTests(server, server), IClassFixture<MailingPostgres>;
