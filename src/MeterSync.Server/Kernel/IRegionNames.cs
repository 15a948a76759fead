namespace MeterSync.Kernel;

/// <summary>Which regions there are, for modules that come before the one that keeps them.</summary>
public interface IRegionNames
{
    /// <summary>Names of regions, whoever asks; one that does not exist is absent. One query, none for no ids.</summary>
    Task<IReadOnlyDictionary<RegionId, string>> FindAsync(IReadOnlyCollection<RegionId> ids, CancellationToken cancellationToken);
}
