using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeterSync.Kernel;

namespace MeterSync.Host.Verbs.Doctor;

/// <summary>Is the address free, or served by MeterSync already?</summary>
internal static class ListeningCheck
{
    private const string Check = "address";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async IAsyncEnumerable<Finding> RunAsync(Patient patient, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await ServerAsync(patient, cancellationToken);
        foreach (var url in patient.Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            yield return await AddressAsync(url, cancellationToken);
        }
    }

    private static async Task<Finding> ServerAsync(Patient patient, CancellationToken cancellationToken)
    {
        const string check = "server";
        if (!Listening.Answers(patient.Data.SocketFile))
        {
            return Finding.Ok(check, "None runs on this data directory now.");
        }

        try
        {
            using var api = new LocalApi(patient.Data.SocketFile);
            var health = await api.GetAsync("/health", cancellationToken);
            return Finding.Ok(check, $"MeterSync {(string?)health["version"]} runs on this data directory and is healthy.");
        }
        catch (Exception exception) when (exception is VerbException or HttpRequestException)
        {
            return Finding.Fail(check, $"A server runs on this data directory and is not well: {exception.Message} Its log and GET /health tell more.");
        }
    }

    private static async Task<Finding> AddressAsync(string url, CancellationToken cancellationToken)
    {
        Uri endpoint;
        try
        {
            endpoint = Listening.Parse(url);
        }
        catch (StartRefusedException exception)
        {
            return Finding.Fail(Check, exception.Message);
        }

        return Listening.Probe(endpoint) switch
        {
            null => Finding.Ok(Check, $"{url} is free."),
            SocketError.AddressAlreadyInUse when await IsOursAsync(Listening.AddressOf(endpoint), endpoint.Port, cancellationToken) => Finding.Ok(Check, $"MeterSync serves on {url}."),
            { } error => Finding.Fail(Check, Listening.Explain(endpoint, error)),
        };
    }

    private static async Task<bool> IsOursAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var near = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            var text = await http.GetStringAsync(new UriBuilder("http", near.ToString(), port, "/health/live").Uri, cancellationToken);
            return JsonNode.Parse(text) is JsonObject answer && (string?)answer["message"] == "alive";
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
