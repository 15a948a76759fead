using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.SignIn;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

public sealed class PasswordRulesTests
{
    private static readonly PasswordRules Rules = new();
    private static readonly User Ines = new() { Email = "ines.example@example.com", Username = "ines", Name = "Ines Example" };

    [Theory]
    [InlineData("short")]
    [InlineData("password")]
    [InlineData("Password123!")]
    [InlineData("qwertyuiop")]
    [InlineData("dragon2024")]
    [InlineData("aaaaaaaaaa")]
    [InlineData("abababab")]
    [InlineData("12345678")]
    [InlineData("hgfedcba")]
    [InlineData("metersync1")]
    [InlineData("Example2024")]
    [InlineData("ines.example")]
    public void Refuses_what_is_guessed_first(string password) =>
        Assert.Equal("user.weak_password", Rules.Check("password", password, Ines)?.Code.Code);

    [Theory]
    [InlineData("correct-horse-battery")]
    [InlineData("seven quiet herons")]
    [InlineData("пароль-из-многих-слов")]
    [InlineData("ines likes to walk in the rain")]
    [InlineData("x9#kQ2!v")]
    public void Takes_what_is_not(string password) => Assert.Null(Rules.Check("password", password, Ines));

    [Fact]
    public void Refuses_what_bcrypt_would_cut_off()
    {
        Assert.Null(Rules.Check("password", string.Concat(Enumerable.Repeat("heron ", 12)), Ines));
        Assert.NotNull(Rules.Check("password", string.Concat(Enumerable.Repeat("heron ", 13)), Ines));
    }

    [Theory]
    [InlineData("Ines@Example.COM", "ines@example.com")]
    [InlineData(" ines@example.com ", "ines@example.com")]
    [InlineData("ines+meters@bücher.example", "ines+meters@xn--bcher-kva.example")]
    [InlineData("admin@localhost", "admin@localhost")]
    public void Spells_an_address_one_way(string text, string spelled) => Assert.Equal(spelled, EmailName.Normalise(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("@b")]
    [InlineData("a b@example.com")]
    [InlineData("a@b@example.com")]
    [InlineData("a@exa mple.com")]
    [InlineData("a@-example.com-\u0000")]
    [InlineData("іnes@example.com")]
    [InlineData("a\r\nb@example.com")]
    [InlineData("\"a\"@example.com")]
    [InlineData(".a@example.com")]
    public void Refuses_what_is_no_address_or_looks_like_another(string text)
    {
        Assert.Null(EmailName.Normalise(text, out var fault));
        Assert.NotEmpty(fault);
    }
}
