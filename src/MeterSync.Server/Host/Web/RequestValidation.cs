using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Host.Web;

/// <summary>Checks the data annotations of every request record before its handler runs, nested records and lists included.
/// The framework's own endpoint validation looks at public types only; ours are internal.</summary>
internal static class RequestValidation
{
    private const int MaximumProblems = 50;
    private const int ShownCharacters = 60;
    private static readonly ConcurrentDictionary<Type, Member[]> Known = new();

    public static TBuilder ValidateRequests<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilterFactory((factory, next) =>
        {
            var checkedArguments = factory.MethodInfo.GetParameters().Select((parameter, index) => (parameter.ParameterType, index)).Where(pair => IsOurs(pair.ParameterType) && MembersOf(pair.ParameterType).Length > 0).Select(pair => pair.index).ToArray();
            var fractions = factory.MethodInfo.GetParameters().Where(parameter => parameter.IsDefined(typeof(AsParametersAttribute), inherit: false)).SelectMany(FractionsOf).ToArray();
            return checkedArguments.Length == 0 ? next : invocation => CheckAsync(invocation, checkedArguments, fractions, next);
        });

    private static IEnumerable<string> FractionsOf(ParameterInfo parameter) =>
        parameter.ParameterType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is var type && (type == typeof(double) || type == typeof(decimal)))
            .Select(property => SnakeCase.Of(property.Name));

    private static async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext invocation, int[] checkedArguments, string[] fractions, EndpointFilterDelegate next)
    {
        foreach (var name in fractions)
        {
            // The framework takes a comma for a sign between thousands: 1,5 would be 15.
            if (invocation.HttpContext.Request.Query[name].ToString() is var sent && sent.Contains(',', StringComparison.Ordinal))
            {
                return new Refusal(CannotBe(name, sent));
            }
        }

        if (invocation.HttpContext.Response.StatusCode == StatusCodes.Status400BadRequest)
        {
            return new Refusal(UnreadOf(invocation, checkedArguments));
        }

        SortedDictionary<string, List<string>>? found = null;
        foreach (var index in checkedArguments)
        {
            if (invocation.Arguments[index] is { } request)
            {
                Check(request, "", ref found);
            }
        }

        return found is null ? await next(invocation) : new Refusal(ProblemOf(found));
    }

    /// <summary>Null where the request breaks no rule.</summary>
    public static Problem? FaultOf(object request)
    {
        SortedDictionary<string, List<string>>? found = null;
        Check(request, "", ref found);
        return found is null ? null : ProblemOf(found);
    }

    private static void Check(object request, string path, ref SortedDictionary<string, List<string>>? found)
    {
        foreach (var member in MembersOf(request.GetType()))
        {
            var value = member.Property.GetValue(request);
            var name = path + member.Name;
            foreach (var rule in member.Rules)
            {
                if (value is null && rule is not RequiredAttribute)
                {
                    continue; // what is not there breaks no other rule
                }

                if (found?.Count >= MaximumProblems)
                {
                    return;
                }

                var context = new ValidationContext(request) { MemberName = member.Property.Name, DisplayName = member.Name };
                if (rule.GetValidationResult(value, context) is { } result)
                {
                    found ??= new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
                    (found.TryGetValue(name, out var messages) ? messages : found[name] = []).Add(result.ErrorMessage ?? "is not acceptable.");
                }
            }

            if (value is IEnumerable items and not string && member.HoldsRequests)
            {
                var index = 0;
                foreach (var item in items)
                {
                    if (item is not null)
                    {
                        Check(item, $"{name}[{index}].", ref found);
                    }

                    index++;
                }
            }
            else if (value is not null && member.HoldsRequests)
            {
                Check(value, name + ".", ref found);
            }
        }
    }

    /// <summary>The framework's generated binding says of an optional parameter that it cannot be read, but not which one: it is one that was sent and is not there.</summary>
    private static Problem UnreadOf(EndpointFilterInvocationContext invocation, int[] checkedArguments)
    {
        foreach (var request in checkedArguments.Select(index => invocation.Arguments[index]).OfType<object>())
        {
            foreach (var property in request.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                var name = SnakeCase.Of(property.Name);
                var sent = invocation.HttpContext.Request.Query[name].ToString();
                if (sent.Length > 0 && property.GetValue(request) is null)
                {
                    return CannotBe(name, sent);
                }
            }
        }

        return KernelProblems.Malformed.Because("The request could not be read: a parameter is missing or has the wrong form.");
    }

    private static Problem CannotBe(string name, string sent) =>
        KernelProblems.Malformed.For(name, $"The parameter {name} cannot be '{(sent.Length > ShownCharacters ? sent[..ShownCharacters] : sent)}'.");

    private static Problem ProblemOf(SortedDictionary<string, List<string>> found)
    {
        var (field, messages) = found.First();
        var first = $"{field}: {messages[0]}";
        var message = found.Count == 1 ? first : $"{found.Count} fields are not acceptable. {first}";
        return KernelProblems.Invalid.Because(message, found.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray()));
    }

    private static Member[] MembersOf(Type type) => Known.GetOrAdd(type, static type =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Select(property => new Member(property, SnakeCase.Of(property.Name), [.. property.GetCustomAttributes<ValidationAttribute>(true)], HoldsRequests(property.PropertyType)))
            .Where(member => member.Rules.Length > 0 || member.HoldsRequests)]);

    private static bool HoldsRequests(Type type) =>
        IsOurs(type) || (type.IsGenericType && type.GetGenericArguments().Any(IsOurs)) || (type.IsArray && IsOurs(type.GetElementType()!));

    private static bool IsOurs(Type type) => type.Assembly == typeof(RequestValidation).Assembly && type.IsClass && type.Name.EndsWith("Request", StringComparison.Ordinal);

    private sealed record Member(PropertyInfo Property, string Name, ValidationAttribute[] Rules, bool HoldsRequests);

    private sealed class Refusal(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => ProblemAnswer.WriteAsync(httpContext, problem);
    }
}
