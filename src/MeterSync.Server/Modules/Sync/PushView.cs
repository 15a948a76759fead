using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Pushing;

namespace MeterSync.Modules.Sync;

/// <summary>What became of a batch.</summary>
/// <param name="Epoch">The life of the server's data. Where it is another one than the phone knows, it pushes again what it keeps.</param>
/// <param name="Results">In the order of the items.</param>
internal sealed record PushView(Guid Epoch, DateTimeOffset ServerTime, IReadOnlyList<PushResultView> Results)
{
    public static PushView Of(AppliedBatch batch) => new(batch.Epoch, batch.ReceivedAt, [.. batch.Items.Select(PushResultView.Of)]);

    /// <summary>As the serializer would, without reading every verdict again.</summary>
    public static void Write(Utf8JsonWriter json, PushView view)
    {
        json.WriteStartObject();
        json.WriteString("epoch", view.Epoch);
        Span<byte> time = stackalloc byte[Instants.LongestText];
        json.WriteString("server_time", time[..view.ServerTime.Format(time)]);
        json.WriteStartArray("results");
        foreach (var result in view.Results)
        {
            PushResultView.Write(json, result);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <param name="Index">Place of the item in the batch, from 0.</param>
/// <param name="ClientId">Null where it could not be read.</param>
/// <param name="ServerId">What it became.</param>
/// <param name="Verdict">What the rules said when it was applied.</param>
internal sealed record PushResultView(int Index, Guid? ClientId, PushStatus Status, Guid? ServerId, int? Version, JsonElement? Verdict, ReceiptView? Receipt, ErrorBody? Problem)
{
    private string? verdictText;

    public static PushResultView Of(PushItem item) =>
        new(item.Place, item.ClientId, item.Status ?? throw new InvalidOperationException("An item was left without an answer."), item.ServerId, item.Version, null, item.Receipt is { } receipt ? ReceiptView.Of(receipt) : null,
            item.Problem is { } problem ? new ErrorBody(problem.Code.Code, problem.Message, problem.Details) : null)
        {
            verdictText = item.Verdict,
        };

    public static void Write(Utf8JsonWriter json, PushResultView result)
    {
        json.WriteStartObject();
        json.WriteNumber("index", result.Index);
        Optional(json, "client_id", result.ClientId);
        json.WriteString("status", Terms<PushStatus>.JsonOf(result.Status));
        Optional(json, "server_id", result.ServerId);
        if (result.Version is { } version)
        {
            json.WriteNumber("version", version);
        }
        else
        {
            json.WriteNull("version");
        }

        json.WritePropertyName("verdict");
        json.WriteRawValue(result.verdictText ?? "null", skipInputValidation: true);
        json.WritePropertyName("receipt");
        if (result.Receipt is { } receipt)
        {
            json.WriteStartObject();
            json.WriteNumber("server_seq", receipt.ServerSeq);
            json.WriteString("chain", receipt.Chain);
            json.WriteString("mac", receipt.Mac);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        Write(json, result.Problem);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ErrorBody? problem)
    {
        json.WritePropertyName("problem");
        if (problem is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("code", problem.Code);
        json.WriteString("message", problem.Message);
        json.WritePropertyName("details");
        if (problem.Details is null)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteStartObject();
            foreach (var (field, messages) in problem.Details)
            {
                json.WriteStartArray(field);
                foreach (var message in messages)
                {
                    json.WriteStringValue(message);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, Guid? id)
    {
        if (id is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}

/// <param name="ServerSeq">1 for the phone's first.</param>
/// <param name="Chain">64 hex digits: SHA-256 over the chain before, client_id, content hash and server_seq.</param>
/// <param name="Mac">64 hex digits: shows by itself that the server gave it.</param>
internal sealed record ReceiptView(long ServerSeq, string Chain, string Mac)
{
    public static ReceiptView Of(Receipt receipt) => new(receipt.ServerSeq, Convert.ToHexStringLower(receipt.Chain), Convert.ToHexStringLower(receipt.Mac));
}
