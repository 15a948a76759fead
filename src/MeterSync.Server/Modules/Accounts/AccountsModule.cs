using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.ChangeUserPassword;
using MeterSync.Modules.Accounts.CreateUser;
using MeterSync.Modules.Accounts.FirstStart;
using MeterSync.Modules.Accounts.GetMe;
using MeterSync.Modules.Accounts.ListUsers;
using MeterSync.Modules.Accounts.Login;
using MeterSync.Modules.Accounts.Logout;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.RefreshSession;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Modules.Accounts.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts;

/// <summary>Who may come in, and as what.</summary>
internal sealed class AccountsModule : IModule
{
    public const string Title = "Accounts";

    public string Name => Title;

    public IReadOnlyList<GrantedPermission> Permissions => AccountPermissions.All;

    public IJsonTypeInfoResolver Json => AccountsJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccountOptions>().Bind(configuration.GetSection(AccountOptions.Section)).ValidateDataAnnotations()
            .Validate(options => options.SigningKey is null or "" || System.Text.Encoding.UTF8.GetByteCount(options.SigningKey) >= 32, "Accounts:SigningKey needs at least 32 bytes. Leave it out to let MeterSync make its own keys.")
            .ValidateOnStart();
        services.AddSingleton<IPasswords, Passwords>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IAccessTokens>(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<Tokens>();
        services.AddSingleton<UnknownUserHash>();
        services.AddScoped<IPersonNames, PersonNames>();
        services.AddHostedService<KeyRingRefresh>();
        services.AddScoped<IStartTask, FirstAccounts>();
        services.AddScoped<LoginHandler>();
        services.AddScoped<RefreshSessionHandler>();
        services.AddScoped<LogoutHandler>();
        services.AddScoped<GetMeHandler>();
        services.AddScoped<CreateUserHandler>();
        services.AddScoped<ListUsersHandler>();
        services.AddScoped<ChangeUserPasswordHandler>();
    }

    public void ConfigureModel(ModelBuilder model) => AccountMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Accounts");
        LoginEndpoint.Map(group);
        RefreshSessionEndpoint.Map(group);
        LogoutEndpoint.Map(group);
        GetMeEndpoint.Map(group);
        ListUsersEndpoint.Map(group);
        CreateUserEndpoint.Map(group);
        ChangeUserPasswordEndpoint.Map(group);
    }
}

[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(RefreshSessionRequest))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(ChangeUserPasswordRequest))]
[JsonSerializable(typeof(TokenEnvelope))]
[JsonSerializable(typeof(Envelope<UserView>))]
[JsonSerializable(typeof(Envelope<Page<UserView>>))]
internal sealed partial class AccountsJson : JsonSerializerContext;
