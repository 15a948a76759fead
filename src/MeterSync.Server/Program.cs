using MeterSync.Host.Verbs;

return await CommandLine.RunAsync(args);
