using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>What somebody proposes, before the database is asked.</summary>
internal static class ApprovalContent
{
    /// <summary>What is wrong with it in itself; null for nothing.</summary>
    public static Problem? FaultOf(CreateApprovalRequest request, Caller caller) => request switch
    {
        _ when caller.UserId is null => KernelProblems.Forbidden.Because("A request needs a person who makes it."),
        { ReadingId: not null, ReadingClientId: not null } => KernelProblems.Invalid.For("reading_id", "Name the reading by reading_id or reading_client_id, not both."),
        _ when (request.ReadingId ?? request.ReadingClientId) is null == request.MeterData is null => KernelProblems.Invalid.For("meter_data", "Give meter_id with meter_data, or reading_id of a held reading."),
        { MeterData: not null, MeterId: null } => KernelProblems.Invalid.For("meter_id", "Say which meter."),
        _ => null,
    };

    /// <summary>SHA-256 over what makes it the same request: how its JSON is spelled does not count.</summary>
    public static byte[] HashOf(CreateApprovalRequest request)
    {
        var data = request.MeterData is { } json ? CanonicalJson.Of(json) : "";
        return SHA256.HashData(Encoding.UTF8.GetBytes($"approval/2|{request.MeterId}|{request.ReadingId}|{request.ReadingClientId}|{data}|{request.SubmissionNotes}"));
    }

    public static Problem OtherContent(Guid clientId) => WorkforceProblems.ApprovalConflict.For("client_id", $"A request with the client_id {clientId} is stored already, with other content.");
}
