using System.Net;
using System.Net.Sockets;
using System.Text;
using MeterSync.Host.Auth;
using MeterSync.Kernel;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeterSync.Host;

/// <summary>Where the server listens: the given addresses, and a local socket only the owner of the data directory can open.</summary>
internal static class Listening
{
    /// <summary>Bodies above this are refused unless the route takes files.</summary>
    public const long DefaultBodyBytes = 1024 * 1024;

    public static void Configure(WebApplicationBuilder builder, ServerStart start)
    {
        var endpoints = EndpointsOf(start.Urls);
        if (start.Demo && endpoints.Find(endpoint => !IsLoopback(endpoint)) is { } open)
        {
            throw new StartRefusedException($"--demo has accounts whose passwords are printed in the manual; it listens on 127.0.0.1 only, not on {open}. Use --urls http://127.0.0.1:8000, or leave --demo out.");
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = DefaultBodyBytes;
            foreach (var endpoint in endpoints)
            {
                Listen(kestrel, endpoint);
            }

            if (start.SocketFile is { } socket)
            {
                RequireShort(socket);
                File.Delete(socket);
                kestrel.ListenUnixSocket(socket, options => options.Use(next => connection =>
                {
                    connection.Features.Set(LocalOperatorConnection.Instance);
                    return next(connection);
                }));
            }
        });
    }

    /// <summary>The addresses of --urls.</summary>
    /// <exception cref="StartRefusedException">One of them is none.</exception>
    public static List<Uri> EndpointsOf(string? urls) => [.. (urls ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>Null where a server could listen there now, else why not.</summary>
    public static SocketError? Probe(Uri endpoint)
    {
        try
        {
            using var listener = new TcpListener(AddressOf(endpoint), endpoint.Port);
            listener.Start();
            return null;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }

    /// <summary>Why an address cannot be had, and what to do.</summary>
    public static string Explain(Uri endpoint, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => $"Another program listens on {endpoint}. Stop it, or give --urls another port.",
        SocketError.AccessDenied => $"This user may not listen on port {endpoint.Port}. Take one above 1023, with the reverse proxy in front.",
        SocketError.AddressNotAvailable => $"This machine does not have the address {endpoint.Host}. Give --urls one it has, or 0.0.0.0 for all.",
        _ => $"{endpoint} cannot be used: {error}. Check --urls.",
    };

    /// <summary>A name that is no address stands for all of this machine's.</summary>
    public static IPAddress AddressOf(Uri endpoint) =>
        endpoint.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out var address) ? address : IPAddress.Any;

    /// <summary>Whether only this machine can reach the address.</summary>
    public static bool IsLoopback(Uri endpoint) =>
        endpoint.Host is "localhost" || (IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static void Listen(KestrelServerOptions kestrel, Uri endpoint)
    {
        if (endpoint.Host == "localhost")
        {
            kestrel.ListenLocalhost(endpoint.Port);
        }
        else if (IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out var address))
        {
            kestrel.Listen(address, endpoint.Port);
        }
        else
        {
            kestrel.ListenAnyIP(endpoint.Port);
        }
    }

    public static Uri Parse(string url)
    {
        var plain = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        return Uri.TryCreate(plain, UriKind.Absolute, out var uri) && uri.Scheme == "http"
            ? uri
            : throw new StartRefusedException($"--urls has '{url}'. Give addresses like http://127.0.0.1:8000, several separated by ';'. TLS is the job of the reverse proxy in front.");
    }

    /// <summary>The kernel takes no longer addresses.</summary>
    private static void RequireShort(string socketFile)
    {
        const int maximumBytes = 107;
        if (Encoding.UTF8.GetByteCount(socketFile) > maximumBytes)
        {
            throw new StartRefusedException($"The path of the data directory is too long for a Unix socket in it: {socketFile} has more than {maximumBytes} bytes. Give --data a shorter path, or a link to it.");
        }
    }

    /// <summary>Only the owner may talk to the server as its operator.</summary>
    public static void RestrictSocket(string socketFile) => File.SetUnixFileMode(socketFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <summary>Whether a server answers on the socket.</summary>
    public static bool Answers(string socketFile)
    {
        if (!File.Exists(socketFile))
        {
            return false;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(socketFile));
            return true;
        }
        catch (SocketException)
        {
            // A file without a server behind it: left over from a process that was killed.
            return false;
        }
    }
}
