using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.ChangePassword;
using MeterSync.Modules.Accounts.ChangeUserPassword;
using MeterSync.Modules.Accounts.CreateApiKey;
using MeterSync.Modules.Accounts.CreateRole;
using MeterSync.Modules.Accounts.CreateUser;
using MeterSync.Modules.Accounts.DeleteApiKey;
using MeterSync.Modules.Accounts.DeleteRole;
using MeterSync.Modules.Accounts.DeleteUser;
using MeterSync.Modules.Accounts.EndSession;
using MeterSync.Modules.Accounts.ErasePerson;
using MeterSync.Modules.Accounts.ExportPersonalData;
using MeterSync.Modules.Accounts.FirstStart;
using MeterSync.Modules.Accounts.ForgotPassword;
using MeterSync.Modules.Accounts.GetMe;
using MeterSync.Modules.Accounts.GetRole;
using MeterSync.Modules.Accounts.GetUser;
using MeterSync.Modules.Accounts.ListApiKeys;
using MeterSync.Modules.Accounts.ListPermissions;
using MeterSync.Modules.Accounts.ListRoles;
using MeterSync.Modules.Accounts.ListSessions;
using MeterSync.Modules.Accounts.ListUsers;
using MeterSync.Modules.Accounts.Login;
using MeterSync.Modules.Accounts.Logout;
using MeterSync.Modules.Accounts.LogoutAll;
using MeterSync.Modules.Accounts.Mailing;
using MeterSync.Modules.Accounts.PatchUser;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.RefreshSession;
using MeterSync.Modules.Accounts.RegisterUser;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.ResetPassword;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Modules.Accounts.SetUserRoles;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Modules.Accounts.Store;
using MeterSync.Modules.Accounts.UpdateMe;
using MeterSync.Modules.Accounts.UpdateRole;
using MeterSync.Modules.Accounts.UpdateUser;
using MeterSync.Modules.Accounts.VerifyEmail;
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
            .Validate(options => options.Mode != RegistrationMode.Open || !options.ConfirmEmail || configuration[$"{MailOptions.Section}:{nameof(MailOptions.Host)}"] is { Length: > 0 }, "Accounts:Registration is open, and people have to confirm their e-mail address: set Mail:Host and Mail:From, or Accounts:ConfirmEmail=false.")
            .ValidateOnStart();
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section)).ValidateDataAnnotations()
            .Validate(options => !options.IsConfigured || System.Net.Mail.MailAddress.TryCreate(options.From, out _), "Mail:From is the sender's address, such as metersync@example.com; it is needed with Mail:Host.")
            .ValidateOnStart();
        AddShared(services);
        services.AddScoped<LoginHandler>();
        services.AddScoped<RegisterUserHandler>();
        services.AddScoped<VerifyEmailHandler>();
        services.AddScoped<RefreshSessionHandler>();
        services.AddScoped<LogoutHandler>();
        services.AddScoped<LogoutAllHandler>();
        services.AddScoped<ListSessionsHandler>();
        services.AddScoped<EndSessionHandler>();
        services.AddScoped<GetMeHandler>();
        services.AddScoped<UpdateMeHandler>();
        services.AddScoped<ChangePasswordHandler>();
        services.AddScoped<ForgotPasswordHandler>();
        services.AddScoped<ResetPasswordHandler>();
        services.AddScoped<ListUsersHandler>();
        services.AddScoped<CreateUserHandler>();
        services.AddScoped<GetUserHandler>();
        services.AddScoped<UpdateUserHandler>();
        services.AddScoped<PatchUserHandler>();
        services.AddScoped<DeleteUserHandler>();
        services.AddScoped<SetUserRolesHandler>();
        services.AddScoped<ChangeUserPasswordHandler>();
        services.AddScoped<ExportPersonalDataHandler>();
        services.AddScoped<ErasePersonHandler>();
        services.AddScoped<ListRolesHandler>();
        services.AddScoped<CreateRoleHandler>();
        services.AddScoped<GetRoleHandler>();
        services.AddScoped<UpdateRoleHandler>();
        services.AddScoped<DeleteRoleHandler>();
        services.AddScoped<ListPermissionsHandler>();
        services.AddScoped<ListApiKeysHandler>();
        services.AddScoped<CreateApiKeyHandler>();
        services.AddScoped<DeleteApiKeyHandler>();
    }

    public void ConfigureModel(ModelBuilder model) => AccountMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Accounts");
        LoginEndpoint.Map(group);
        RegisterUserEndpoint.Map(group);
        VerifyEmailEndpoint.Map(group);
        RefreshSessionEndpoint.Map(group);
        LogoutEndpoint.Map(group);
        LogoutAllEndpoint.Map(group);
        ListSessionsEndpoint.Map(group);
        EndSessionEndpoint.Map(group);
        GetMeEndpoint.Map(group);
        UpdateMeEndpoint.Map(group);
        ChangePasswordEndpoint.Map(group);
        ForgotPasswordEndpoint.Map(group);
        ResetPasswordEndpoint.Map(group);
        ListUsersEndpoint.Map(group);
        CreateUserEndpoint.Map(group);
        GetUserEndpoint.Map(group);
        UpdateUserEndpoint.Map(group);
        PatchUserEndpoint.Map(group);
        DeleteUserEndpoint.Map(group);
        SetUserRolesEndpoint.Map(group);
        ChangeUserPasswordEndpoint.Map(group);
        ExportPersonalDataEndpoint.Map(group);
        ErasePersonEndpoint.Map(group);
        ListRolesEndpoint.Map(group);
        CreateRoleEndpoint.Map(group);
        GetRoleEndpoint.Map(group);
        UpdateRoleEndpoint.Map(group);
        DeleteRoleEndpoint.Map(group);
        ListPermissionsEndpoint.Map(group);
        ListApiKeysEndpoint.Map(group);
        CreateApiKeyEndpoint.Map(group);
        DeleteApiKeyEndpoint.Map(group);
    }

    private static void AddShared(IServiceCollection services)
    {
        services.AddSingleton<HashThreads>();
        services.AddSingleton<IPasswords, Passwords>();
        services.AddSingleton<PasswordRules>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IAccessTokens>(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<AccessDirectory>();
        services.AddSingleton<IAccessDirectory>(provider => provider.GetRequiredService<AccessDirectory>());
        services.AddSingleton<IApiKeys>(provider => provider.GetRequiredService<AccessDirectory>());
        services.AddSingleton<Tokens>();
        services.AddSingleton<UnknownUserHash>();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton<MailSignal>();
        services.AddHostedService<KeyRingRefresh>();
        services.AddSingleton<MailSender>();
        services.AddHostedService(provider => provider.GetRequiredService<MailSender>());
        services.AddSingleton<AccountSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<AccountSweep>());
        services.AddScoped<IStartTask, FirstAccounts>();
        services.AddScoped<IPersonNames, PersonNames>();
        services.AddScoped<IPersonalData, AccountPersonalData>();
        services.AddScoped<MailBox>();
        services.AddScoped<Grants>();
        services.AddScoped<Sessions>();
        services.AddScoped<ISessionEnds, SessionEnds>();
        services.AddScoped<AdminGuard>();
        services.AddScoped<OneTimeTokens>();
        services.AddScoped<UserWrites>();
        services.AddScoped<NewUsers>();
        services.AddScoped<PasswordWrites>();
        services.AddScoped<RoleWrites>();
    }
}

[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(RefreshSessionRequest))]
[JsonSerializable(typeof(RegisterUserRequest))]
[JsonSerializable(typeof(VerifyEmailRequest))]
[JsonSerializable(typeof(UpdateMeRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(ForgotPasswordRequest))]
[JsonSerializable(typeof(ResetPasswordRequest))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(UserRequest))]
[JsonSerializable(typeof(SetUserRolesRequest))]
[JsonSerializable(typeof(ChangeUserPasswordRequest))]
[JsonSerializable(typeof(ErasePersonRequest))]
[JsonSerializable(typeof(RoleRequest))]
[JsonSerializable(typeof(CreateApiKeyRequest))]
[JsonSerializable(typeof(TokenEnvelope))]
[JsonSerializable(typeof(Envelope<RegistrationView>))]
[JsonSerializable(typeof(Envelope<EndedSessions>))]
[JsonSerializable(typeof(Envelope<Page<SessionView>>))]
[JsonSerializable(typeof(Envelope<UserView>))]
[JsonSerializable(typeof(Envelope<Page<UserView>>))]
[JsonSerializable(typeof(Envelope<RoleView>))]
[JsonSerializable(typeof(Envelope<Page<RoleView>>))]
[JsonSerializable(typeof(Envelope<PermissionList>))]
[JsonSerializable(typeof(Envelope<Page<ApiKeyView>>))]
[JsonSerializable(typeof(Envelope<NewApiKeyView>))]
internal sealed partial class AccountsJson : JsonSerializerContext;
