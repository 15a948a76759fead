using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts;

internal static class AccountProblems
{
    public static readonly ProblemCode WrongCredentials = new("auth.wrong_credentials", 401, "The name or the password is wrong, or the account is not active; which of them is not told.");
    public static readonly ProblemCode EmailUnconfirmed = new("auth.email_unconfirmed", 403, "The password is right, but the e-mail address has not been confirmed yet.");
    public static readonly ProblemCode RefreshRefused = new("auth.refresh_refused", 401, "The refresh token is unknown, expired or its session has ended. Sign in again.");
    public static readonly ProblemCode SessionWithdrawn = new("auth.session_withdrawn", 401, "The sign-in was ended from the office, as for a lost phone: whoever hears it locks what the device holds.");
    public static readonly ProblemCode RefreshReused = new("auth.refresh_reused", 401, "An old refresh token was used after its successors: the session was ended in case it was stolen.");
    public static readonly ProblemCode ForeignCookie = new("auth.foreign_cookie", 403, "The refresh cookie came along with a request that does not show that it comes from the application itself.");
    public static readonly ProblemCode TokenRefused = new("auth.token_refused", 401, "The token of the mail is unknown, used or too old. Ask for a new one.");
    public static readonly ProblemCode RegistrationClosed = new("auth.registration_closed", 403, "People cannot register themselves here; an administrator makes their accounts.");
    public static readonly ProblemCode EmailTaken = new("user.email_taken", 409, "Another user has this e-mail address.");
    public static readonly ProblemCode UsernameTaken = new("user.username_taken", 409, "Another user has this user name.");
    public static readonly ProblemCode WeakPassword = new("user.weak_password", 400, "The password is too short, longer than 72 bytes, or one that is guessed first.");
    public static readonly ProblemCode WrongCurrentPassword = new("user.wrong_current_password", 400, "The current password given is wrong.");
    public static readonly ProblemCode UserNotFound = new("user.not_found", 404, "There is no such user.");
    public static readonly ProblemCode LastAdmin = new("user.last_admin", 409, "This is the last active administrator: without one nobody could let others in.");
    public static readonly ProblemCode NoMail = new("user.no_mail", 400, "An invitation needs a mail server, and none is configured. Give a password instead.");
    public static readonly ProblemCode UnknownRole = new("role.unknown", 400, "A role that is named does not exist.");
    public static readonly ProblemCode UnknownPermission = new("role.unknown_permission", 400, "A permission that is named does not exist.");
    public static readonly ProblemCode RoleNotFound = new("role.not_found", 404, "There is no such role.");
    public static readonly ProblemCode RoleNameTaken = new("role.name_taken", 409, "Another role has this name.");
    public static readonly ProblemCode BuiltInRoleFixed = new("role.built_in", 409, "The built-in roles cannot be changed or deleted. Make a role of your own.");
    public static readonly ProblemCode RoleInUse = new("role.in_use", 409, "Users have this role; give them another one first.");
    public static readonly ProblemCode UnknownRegion = new("region.unknown", 400, "A region that is named does not exist.");
}
