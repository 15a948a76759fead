using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace MeterSync.Tests.Architecture;

/// <summary>The types below one root namespace of a built module, and what each of them refers to.</summary>
public sealed class CodeUnderRule
{
    private readonly string root;
    private readonly Dictionary<TypeDefinition, IReadOnlyCollection<TypeReference>> references = [];
    private readonly Lock once = new();

    public CodeUnderRule(ModuleDefinition module, string root)
    {
        this.root = root;
        Types = [.. module.GetAllTypes().Where(type => PlaceOf(type) is not null)];
    }

    /// <summary>Nested types and the compiler's own included: the body of an async method stands in one of those.</summary>
    public IReadOnlyList<TypeDefinition> Types { get; }

    public static CodeUnderRule Of(Type typeOfAssembly, string root) => new(ModuleDefinition.ReadModule(typeOfAssembly.Assembly.Location), root);

    /// <summary>The namespace below the root, <c>Modules.Readings.Domain</c>; empty for the root itself; null for types outside.</summary>
    public string? PlaceOf(TypeReference type)
    {
        var outermost = type;
        while (outermost.DeclaringType is not null)
        {
            outermost = outermost.DeclaringType;
        }

        return outermost.Namespace == root ? "" : outermost.Namespace.StartsWith(root + ".", StringComparison.Ordinal) ? outermost.Namespace[(root.Length + 1)..] : null;
    }

    /// <summary>Everything a type's signatures, attributes and bodies name.</summary>
    public IReadOnlyCollection<TypeReference> ReferencesOf(TypeDefinition type)
    {
        lock (once)
        {
            return references.TryGetValue(type, out var known) ? known : references[type] = Read(type);
        }
    }

    private static Dictionary<string, TypeReference>.ValueCollection Read(TypeDefinition type)
    {
        var found = new Dictionary<string, TypeReference>(StringComparer.Ordinal);
        Add(type.BaseType);
        AddAll(type.Interfaces.Select(face => face.InterfaceType));
        AddAll(type.Fields.Select(field => field.FieldType));
        AddAll(type.CustomAttributes.Concat(type.Fields.SelectMany(field => field.CustomAttributes)).Concat(type.Properties.SelectMany(property => property.CustomAttributes)).Select(attribute => attribute.AttributeType));
        foreach (var method in type.Methods)
        {
            Add(method.ReturnType);
            AddAll(method.Parameters.Select(parameter => parameter.ParameterType));
            AddAll(method.CustomAttributes.Select(attribute => attribute.AttributeType));
            if (method.HasBody)
            {
                AddAll(method.Body.Variables.Select(variable => variable.VariableType));
                AddAll(method.Body.Instructions.Select(instruction => instruction.Operand).SelectMany(Named));
            }
        }

        return found.Values;

        void AddAll(IEnumerable<TypeReference?> types)
        {
            foreach (var one in types)
            {
                Add(one);
            }
        }

        void Add(TypeReference? one)
        {
            if (one is null or GenericParameter)
            {
                return;
            }

            if (one is GenericInstanceType generic)
            {
                AddAll(generic.GenericArguments);
            }

            var element = one.GetElementType();
            found.TryAdd(element.FullName, element);
        }
    }

    private static IEnumerable<TypeReference?> Named(object? operand) => operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments, .. method.Parameters.Select(parameter => parameter.ParameterType)],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)],
        FieldReference field => [field.DeclaringType, field.FieldType],
        _ => [],
    };
}
