using System.Globalization;
using System.Text;
using System.Text.Json;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Http;

/// <summary>A server under test, signed in, with the ids it gave to the fleet's meters. Both servers speak the same contract, so one class
/// serves both; what may differ is here and nowhere else.</summary>
internal sealed class Target
{
    private readonly Uri[] _addresses;
    private string _authorization = "";
    private long _signedInAt;

    private Target(string name, Uri[] addresses, int[] processIds, string email, string password) =>
        (Name, _addresses, ProcessIds, Email, Password) = (name, addresses, processIds, email, password);

    public string Name { get; }

    public Uri Address => _addresses[0];

    /// <summary>Roots of the server's process trees.</summary>
    public IReadOnlyList<int> ProcessIds { get; }

    public double CpuSeconds => ProcessIds.Sum(ProcessTree.CpuSeconds);

    public double PeakMebibytes => ProcessIds.Sum(ProcessTree.PeakMebibytes);

    /// <summary>By fleet index.</summary>
    public string[] MeterIds { get; private set; } = [];

    private string Email { get; }

    private string Password { get; }

    /// <param name="text"><c>name,http://host:port,pid,email,password</c>. Several processes serving as one: addresses joined by + and pids
    /// likewise; connections are dealt out to them evenly.</param>
    public static Target Parse(string text)
    {
        var parts = text.Split(',', 5);
        if (parts.Length != 5)
            throw new BenchFailedException($"'{text}' is not name,address,pid,email,password.");
        var addresses = Array.ConvertAll(parts[1].Split('+'), a => new Uri(a));
        var processIds = Array.ConvertAll(parts[2].Split('+'), p => int.Parse(p, CultureInfo.InvariantCulture));
        return new(parts[0], addresses, processIds, parts[3], parts[4]);
    }

    /// <param name="connection">Number of the connection, from 0.</param>
    public Uri AddressFor(int connection) => _addresses[connection % _addresses.Length];

    /// <summary>Signs in again once half a token's shortest lifetime has gone by; cheap to call before every run.</summary>
    public void SignIn()
    {
        if (_authorization.Length > 0 && Environment.TickCount64 - _signedInAt < TimeSpan.FromMinutes(5).TotalMilliseconds)
            return;
        _authorization = "";
        using var body = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["email"] = Email, ["password"] = Password }));
        using var answer = Ask(Post("/api/v1/auth/login", body.RootElement.GetRawText()));
        _authorization = "Authorization: Bearer " + answer.RootElement.GetProperty("data").GetProperty("access_token").GetString() + "\r\n";
        _signedInAt = Environment.TickCount64;
    }

    /// <summary>Walks GET /meters and notes the id of each serial number of the fleet.</summary>
    public void LearnMeterIds(Fleet.MeterFleet fleet)
    {
        var bySerial = new Dictionary<string, string>();
        var query = "limit=100";
        for (var page = 2; ; page++)
        {
            using var answer = Ask(Get("/api/v1/meters?" + query));
            var data = answer.RootElement.GetProperty("data");
            foreach (var item in data.GetProperty("items").EnumerateArray())
                bySerial[item.GetProperty("serial_number").GetString()!] = item.GetProperty("id").GetString()!;
            if (!data.GetProperty("has_next").GetBoolean())
                break;
            query = data.GetProperty("next_cursor").GetString() is { } cursor
                ? "limit=100&cursor=" + Uri.EscapeDataString(cursor)
                : string.Create(CultureInfo.InvariantCulture, $"limit=100&page={page}");
        }
        MeterIds = Array.ConvertAll(fleet.Meters, m => bySerial.TryGetValue(m.SerialNumber, out var id) ? id
            : throw new BenchFailedException($"{Name} does not know meter {m.SerialNumber}; it lists {bySerial.Count} meters."));
    }

    /// <summary>One request outside any measurement, on a connection of its own.</summary>
    public JsonDocument Ask(byte[] request)
    {
        using var connection = new HttpConnection(Address);
        return Ask(connection, request);
    }

    public JsonDocument Ask(HttpConnection connection, byte[] request)
    {
        var status = connection.Exchange(request, out var body);
        if (status is < 200 or > 299)
            throw new BenchFailedException($"{Name} answered {status} to {Encoding.UTF8.GetString(request).Split("\r\n")[0]}: {Encoding.UTF8.GetString(body[..Math.Min(body.Length, 500)])}");
        return JsonDocument.Parse(body.ToArray());
    }

    public byte[] Get(string path) =>
        Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: {Address.Authority}\r\nAccept: application/json\r\n{_authorization}\r\n");

    public byte[] Post(string path, string json) => Post(path, "application/json", Encoding.UTF8.GetBytes(json));

    public byte[] Post(string path, string contentType, byte[] body)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: {Address.Authority}\r\nAccept: application/json\r\n{_authorization}Content-Type: {contentType}\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.UTF8.GetBytes(head), .. body];
    }
}
