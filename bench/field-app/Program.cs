using MeterSync.Bench;
using MeterSync.FieldApp.Bench;
using Microsoft.Playwright;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: MeterSync.FieldApp.Bench self-check|ground [--option value ...]");
    return 2;
}

var options = new Options(args[1..]);
using var playwright = await Playwright.CreateAsync();
try
{
    switch (args[0])
    {
        case "self-check":
            await SelfCheck.RunAsync(playwright);
            Console.WriteLine("every gauge shows what is there");
            return 0;
        case "ground":
            return await Ground.MeasureAsync(playwright, options);
        default:
            throw new BenchFailedException($"There is no scenario '{args[0]}'.");
    }
}
catch (BenchFailedException failure)
{
    Console.Error.WriteLine($"FAILED: {failure.Message}");
    return 1;
}
