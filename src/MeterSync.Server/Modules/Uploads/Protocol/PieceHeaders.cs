using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Modules.Uploads.Transfer;
using Microsoft.AspNetCore.Connections.Features;

namespace MeterSync.Modules.Uploads.Protocol;

/// <summary>Reads what a request says about the bytes in its body.</summary>
internal static class PieceHeaders
{
    /// <summary>Names as tus writes them, in the order the server offers them.</summary>
    private static readonly Dictionary<string, HashAlgorithmName> Algorithms = new(StringComparer.Ordinal)
    {
        ["sha1"] = HashAlgorithmName.SHA1,
        ["sha256"] = HashAlgorithmName.SHA256,
    };

    public static string Offered => string.Join(',', Algorithms.Keys);

    /// <param name="request">Whose body is the piece.</param>
    /// <param name="offset">Where the piece begins.</param>
    public static Outcome<Piece> Read(HttpRequest request, long offset)
    {
        if (TusEdge.IsPacked(request.HttpContext))
        {
            return KernelProblems.UnsupportedMediaType.Because("The bytes of an upload come as they are, without a Content-Encoding.");
        }

        var checksum = ReadChecksum(request.Headers[TusHeaders.UploadChecksum].ToString());
        return checksum.Succeeded ? new Piece(offset, request.ContentLength, checksum.Value, SourceOf(request)) : checksum.Problem;
    }

    /// <summary>In HTTP/1.1 a body of known length stands in the connection as it is.</summary>
    private static PieceSource SourceOf(HttpRequest request)
    {
        var connection = request is { ContentLength: not null, Protocol: "HTTP/1.1" or "HTTP/1.0" } ? request.HttpContext.Features.Get<IConnectionTransportFeature>()?.Transport.Input : null;
        return new PieceSource(request.BodyReader, connection, request.ContentLength ?? 0, request.HttpContext.Features.Get<IConnectionSocketFeature>()?.Socket);
    }

    private static Outcome<PieceChecksum> ReadChecksum(string header)
    {
        if (header.Length == 0)
        {
            return PieceChecksum.None;
        }

        if (header.Split(' ') is not [var name, var text])
        {
            return KernelProblems.Invalid.For(TusHeaders.UploadChecksum, $"{TusHeaders.UploadChecksum} is an algorithm, a space and the checksum in Base64.");
        }

        if (!Algorithms.TryGetValue(name, out var algorithm))
        {
            return UploadProblems.ChecksumUnsupported.For(TusHeaders.UploadChecksum, $"The server computes these checksums: {Offered}.");
        }

        var bytes = new byte[algorithm == HashAlgorithmName.SHA1 ? SHA1.HashSizeInBytes : SHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == bytes.Length
            ? new PieceChecksum(algorithm, bytes)
            : KernelProblems.Invalid.For(TusHeaders.UploadChecksum, $"The checksum is not {bytes.Length} bytes in Base64, as {name} has.");
    }
}
