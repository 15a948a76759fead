namespace MeterSync.Kernel.Web;

/// <summary>Tells a HEAD from the GET it is carried out as.</summary>
public static class HeadRequest
{
    private static readonly object Mark = new();

    public static bool Is(HttpContext context) => context.Items.ContainsKey(Mark);

    /// <summary>The request is carried out as GET from here on.</summary>
    public static void CarryOutAsGet(HttpContext context)
    {
        context.Items[Mark] = Mark;
        context.Request.Method = HttpMethods.Get;
        context.Response.Body = Stream.Null;
    }
}
