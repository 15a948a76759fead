using System.Net;
using System.Net.Sockets;

namespace MeterSync.Browser.Tests.Support;

/// <summary>Ports of this machine that nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>Below 32768, where the kernel does not hand out ports to outgoing connections: who listened there finds it free again.</summary>
    public static int Find()
    {
        for (var port = Random.Shared.Next(20_000, 31_000); port < 32_768; port++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                continue;
            }
        }

        throw new InvalidOperationException("No free port below 32768.");
    }
}
