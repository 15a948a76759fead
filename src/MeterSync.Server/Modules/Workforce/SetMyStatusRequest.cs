using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce;

/// <summary>Whether an agent can take work, said at once or by a phone later.</summary>
internal sealed record SetMyStatusRequest([property: TermOf(typeof(AgentStatus))] string? Status);
