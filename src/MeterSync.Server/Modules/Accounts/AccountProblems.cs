using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts;

internal static class AccountProblems
{
    public static readonly ProblemCode WrongCredentials = new("auth.wrong_credentials", 401, "The name or the password is wrong, or the account is not active; which of them is not told.");
    public static readonly ProblemCode RefreshRefused = new("auth.refresh_refused", 401, "The refresh token is unknown, expired or its session has ended. Sign in again.");
    public static readonly ProblemCode RefreshReused = new("auth.refresh_reused", 401, "An old refresh token was used after its successors: the session was ended in case it was stolen.");
    public static readonly ProblemCode EmailTaken = new("user.email_taken", 409, "Another user has this e-mail address.");
    public static readonly ProblemCode UsernameTaken = new("user.username_taken", 409, "Another user has this user name.");
    public static readonly ProblemCode WeakPassword = new("user.weak_password", 400, "The password is too short or longer than 72 bytes.");
    public static readonly ProblemCode WrongCurrentPassword = new("user.wrong_current_password", 400, "The current password given is wrong.");
    public static readonly ProblemCode UserNotFound = new("user.not_found", 404, "There is no such user.");
}
