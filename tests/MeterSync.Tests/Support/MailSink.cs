using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace MeterSync.Tests.Support;

/// <summary>An SMTP server that keeps what it is sent (RFC 5321, as much of it as a client needs that neither encrypts nor signs in).</summary>
public sealed partial class MailSink : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<SunkMail> mails = new();
    private Task serving = Task.CompletedTask;

    /// <summary>Answers every mail with 451 while set: come again later.</summary>
    public bool IsFull { get; set; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public IReadOnlyList<SunkMail> Mails => [.. mails];

    public void Start()
    {
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>Waits for the next mail to an address.</summary>
    public async Task<SunkMail> WaitAsync(string to, string subject)
    {
        for (var attempt = 0; attempt < 400; attempt++)
        {
            if (mails.FirstOrDefault(mail => !mail.IsRead && mail.To == to && mail.Subject.Contains(subject, StringComparison.Ordinal)) is { } mail)
            {
                mail.IsRead = true;
                return mail;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"No mail '{subject}' to {to} within 20 s; there are {string.Join("; ", mails.Select(mail => $"{mail.Subject} to {mail.To}"))}.");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(stop.Token);
            _ = TalkAsync(client);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var connection = client;
        using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(connection.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 sink");
        var to = "";
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "RCPT")
            {
                to = Address().Match(line).Groups[1].Value;
            }

            if (verb == "DATA" && !IsFull)
            {
                await writer.WriteLineAsync("354 go on");
                mails.Enqueue(await ReadMailAsync(reader, to));
            }

            await writer.WriteLineAsync(verb switch { "EHLO" => "250-sink\r\n250-SMTPUTF8\r\n250 8BITMIME", "QUIT" => "221 bye", "DATA" when IsFull => "451 come again later", _ => "250 ok" });
        }
    }

    private async Task<SunkMail> ReadMailAsync(StreamReader reader, string to)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync(stop.Token) is { } line && line != ".")
        {
            lines.Add(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line);
        }

        var end = lines.IndexOf("");
        var head = lines[..end];
        var body = string.Join('\n', lines[(end + 1)..]);
        var encoding = Header(head, "content-transfer-encoding");
        var text = encoding == "base64" ? Encoding.UTF8.GetString(Convert.FromBase64String(body)) : encoding == "quoted-printable" ? Unquoted(body) : body;
        return new SunkMail(to, Header(head, "subject"), text, head);
    }

    private static string Header(List<string> head, string name) =>
        head.Find(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim() ?? "";

    private static string Unquoted(string body) =>
        Encoding.UTF8.GetString([.. Quoted().Replace(body.Replace("=\n", "", StringComparison.Ordinal), match => ((char)Convert.ToByte(match.Groups[1].Value, 16)).ToString()).Select(character => (byte)character)]);

    [GeneratedRegex("<([^>]*)>")]
    private static partial Regex Address();

    [GeneratedRegex("=([0-9A-F]{2})")]
    private static partial Regex Quoted();
}

public sealed partial record SunkMail(string To, string Subject, string Text, IReadOnlyList<string> Head)
{
    public bool IsRead { get; set; }

    /// <summary>The one-time token it carries: a line of its own.</summary>
    public string Token => Secret().Match(Text).Groups[1].Value is { Length: > 0 } token ? token : throw new InvalidOperationException($"No token in: {Text}");

    [GeneratedRegex("^([A-Za-z0-9_-]{43})\\r?$", RegexOptions.Multiline)]
    private static partial Regex Secret();
}
