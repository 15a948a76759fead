using MeterSync.Host.Web.Field;
using MeterSync.Modules.Accounts.SignIn;

namespace MeterSync.Host.Verbs.Doctor;

/// <summary>What the program needs of the machine and of its own folder.</summary>
internal static class MachineCheck
{
    private static readonly string FieldPage = Path.Combine(FieldFolder.Published, FieldFolder.Start);
    private static readonly string RedocScript = Path.Combine("wwwroot", "redoc", "redoc.standalone.js");

    public static IEnumerable<Finding> Run(Patient patient)
    {
        yield return Bcrypt.IsAvailable
            ? Finding.Ok("libcrypt", "Passwords are hashed with bcrypt.")
            : Finding.Warn("libcrypt", "libcrypt.so.1 is missing: new passwords are hashed with PBKDF2, and those hashed with bcrypt elsewhere do not work. Install it (Debian: libcrypt1).");
        yield return Clock(patient);
        var missing = new[] { (File: FieldPage, Effect: "so /field has no app for phones"), (File: RedocScript, Effect: "so /redoc stays empty; /docs works") }.Where(asset => !File.Exists(Path.Combine(AppContext.BaseDirectory, asset.File))).ToList();
        yield return missing.Count == 0
            ? Finding.Ok("web assets", "The pages' files are there.")
            : Finding.Warn("web assets", $"{string.Join(" ", missing.Select(asset => $"{asset.File} is missing beside the program, {asset.Effect}."))} Install the program as published by: bash run.sh --build-only");
    }

    /// <summary>Time cannot be earlier than the program was built.</summary>
    private static Finding Clock(Patient patient)
    {
        var now = patient.Clock.GetUtcNow();
        var built = new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(AppContext.BaseDirectory, "metersync.dll")), TimeSpan.Zero);
        return now >= built - TimeSpan.FromDays(1)
            ? Finding.Ok("clock", $"{now:yyyy-MM-dd HH:mm:ss} UTC.")
            : Finding.Fail("clock", $"This machine says {now:yyyy-MM-dd HH:mm} UTC, which is before the program was built ({built:yyyy-MM-dd}). Set the clock; readings would get wrong times.");
    }
}
