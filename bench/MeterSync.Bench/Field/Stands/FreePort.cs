using System.Net;
using System.Net.Sockets;

namespace MeterSync.Bench.Field.Stands;

internal static class FreePort
{
    private const int First = 20_000;
    private const int Last = 30_000;

    /// <summary>A loopback port nobody listens on, below the range that the kernel takes for outgoing connections, so that a server finds it free again after it was killed.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                continue; // taken: the next one
            }
        }
    }
}
