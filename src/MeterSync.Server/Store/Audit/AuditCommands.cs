using System.Data.Common;

namespace MeterSync.Store.Audit;

internal static class AuditCommands
{
    /// <summary>A parameter by name.</summary>
    public static DbCommand Add(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
        return command;
    }
}
