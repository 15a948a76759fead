using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Accounts.FirstStart;

/// <summary>Loads the key ring, and makes the first administrator where there is none or, with --demo on an empty database, the demonstration accounts.</summary>
internal sealed class FirstAccounts(MeterSyncDb db, IPasswords passwords, KeyRing keys, AccessDirectory directory, IOptions<AccountOptions> options, TimeProvider clock, IdSource ids) : IStartTask
{
    private const string FirstEmail = "admin@localhost";
    private const string FirstUsername = "admin";
    private const string DemoPassword = "admin123";
    private const string PasswordAlphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int GeneratedLength = 20;

    private static readonly string[] WellKnownKeys = ["your-secret-key-change-in-production", "change-me-to-a-long-random-secret-key"];

    private static readonly (string Email, string Username, string Name, string Role)[] Demo =
    [
        ("admin@example.com", "admin", "Demo administrator", BuiltInRole.Admin),
        ("manager@example.com", "manager", "Demo manager", BuiltInRole.Manager),
        ("viewer@example.com", "viewer", "Demo viewer", BuiltInRole.Viewer),
        ("user@example.com", "user", "Demo field user", BuiltInRole.Agent),
        ("agent1@example.com", "agent1", "Demo agent 1", BuiltInRole.Agent),
        ("agent2@example.com", "agent2", "Demo agent 2", BuiltInRole.Agent),
        ("agent3@example.com", "agent3", "Demo agent 3", BuiltInRole.Agent),
        ("agent4@example.com", "agent4", "Demo agent 4", BuiltInRole.Agent),
        ("agent5@example.com", "agent5", "Demo agent 5", BuiltInRole.Agent),
    ];

    public async Task RunAsync(StartRequest start, CancellationToken cancellationToken)
    {
        RefuseKnownKey(start);
        await keys.LoadAsync(cancellationToken);
        if (start.OpenToNetwork && await db.Set<User>().AnyAsync(user => user.IsDemo && user.Status == UserStatus.Active, cancellationToken))
        {
            throw new StartRefusedException("This data directory has demonstration accounts with a well-known password; it is served on 127.0.0.1 only. Use --urls http://127.0.0.1:8000, or a fresh --data directory without --demo.");
        }

        // People may have been added before the first start; without an administrator nobody could let others in.
        if (await db.Set<User>().AnyAsync(user => start.Demo || (user.DeletedAt == null && ((" " + user.Roles + " ").Contains(" admin ") || user.Username == FirstUsername || user.Email == FirstEmail)), cancellationToken))
        {
            await directory.LoadAsync(cancellationToken);
            return;
        }

        if (start.Demo)
        {
            var hash = await passwords.HashAsync(DemoPassword, cancellationToken);
            foreach (var (email, username, name, role) in Demo)
            {
                Add(email, username, name, role, hash, demo: true);
            }

            await db.SaveChangesAsync(cancellationToken);
            await directory.LoadAsync(cancellationToken);
            start.Announce($"Demo accounts: admin@example.com, manager@, viewer@, user@, agent1@ to agent5@, password {DemoPassword}.");
            return;
        }

        var password = RandomNumberGenerator.GetString(PasswordAlphabet, GeneratedLength);
        Add(FirstEmail, FirstUsername, "Administrator", BuiltInRole.Admin, await passwords.HashAsync(password, cancellationToken), demo: false);
        await db.SaveChangesAsync(cancellationToken);
        await directory.LoadAsync(cancellationToken);
        start.Announce($"First start: sign in as admin with the password {password} and change it. It is shown only this once.");
    }

    /// <summary>Whether a signing key stands in somebody's documentation.</summary>
    public static bool IsWellKnown(string key) => WellKnownKeys.Contains(key.Replace('_', '-'));

    private void RefuseKnownKey(StartRequest start)
    {
        if (start.OpenToNetwork && options.Value.SigningKey is { Length: > 0 } key && IsWellKnown(key))
        {
            throw new StartRefusedException("Accounts:SigningKey is the example key from the documentation: anyone could forge a sign-in. Leave it out to let MeterSync make its own, or set a secret one.");
        }
    }

    private void Add(string email, string username, string name, string role, string hash, bool demo)
    {
        var now = clock.GetUtcNow().ToStored();
        db.Set<User>().Add(new User { Id = ids.Next<UserId>(), Email = email, Username = username, Name = name, Roles = role, Scope = UserScope.All, PasswordHash = hash, IsDemo = demo, CreatedAt = now, UpdatedAt = now });
    }
}
