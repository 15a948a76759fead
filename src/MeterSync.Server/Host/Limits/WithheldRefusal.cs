using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace MeterSync.Host.Limits;

/// <summary>Lets every answer through but the one that says to sign in first, which is thrown away so that another can take its place.</summary>
internal sealed class WithheldRefusal(HttpContext context, IHttpResponseBodyFeature answer) : IHttpResponseBodyFeature
{
    private PipeWriter? nowhere;

    public bool Withheld => nowhere is not null;

    public Stream Stream => Writes() is { } writer ? writer.AsStream() : answer.Stream;

    public PipeWriter Writer => Writes() ?? answer.Writer;

    public void DisableBuffering() => answer.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => answer.SendFileAsync(path, offset, count, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken = default) => Withheld ? Task.CompletedTask : answer.StartAsync(cancellationToken);

    public Task CompleteAsync() => Withheld ? Task.CompletedTask : answer.CompleteAsync();

    private PipeWriter? Writes() =>
        nowhere is not null || !AddressGate.IsUnauthenticated(context) ? nowhere : nowhere = PipeWriter.Create(Stream.Null);
}
