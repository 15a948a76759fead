namespace MeterSync.Host.Auth;

internal static class AuthRegistration
{
    public static void AddAuth(this IServiceCollection services) => services.AddSingleton<BearerTokens>();
}
