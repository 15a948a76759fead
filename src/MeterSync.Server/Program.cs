using MeterSync.Host.Verbs;
using MeterSync.Store;

return await ServeVerb.RunAsync(new DataDirectory(Path.GetFullPath("data")), "http://127.0.0.1:8000", args.Contains("--demo"), [], CancellationToken.None);
