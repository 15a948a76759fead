using System.Text;
using MeterSync.Store.Audit;
using Xunit;

namespace MeterSync.Tests.Store.Audit;

public sealed class PersonCipherTests
{
    private readonly PersonCipher cipher = new(Guid.CreateVersion7(), Guid.CreateVersion7(), [.. Enumerable.Range(0, 32).Select(number => (byte)number)]);

    [Theory]
    [InlineData("")]
    [InlineData("ann@example.com")]
    [InlineData("Grüße \"東京\" \u0001")]
    public void What_is_sealed_opens_again(string text)
    {
        var read = PersonCipher.Read(cipher.Seal(text));
        Assert.Equal(cipher.KeyId, read!.Value.KeyId);
        Assert.Equal(text, Encoding.UTF8.GetString(cipher.TryOpen(read.Value.Bytes)!));
    }

    [Fact]
    public void The_same_text_looks_different_each_time_but_an_address_seen_last()
    {
        Assert.NotEqual(cipher.Seal("x"), cipher.Seal("x"));
        Assert.Equal(cipher.SealAddress("203.0.113.7"), cipher.SealAddress("203.0.113.7"));
        Assert.NotEqual(cipher.SealAddress("203.0.113.7"), cipher.SealAgent("203.0.113.7"));
    }

    [Fact]
    public void Changed_bytes_and_other_keys_open_nothing()
    {
        var bytes = PersonCipher.Read(cipher.Seal("secret"))!.Value.Bytes;
        for (var index = 0; index < bytes.Length; index++)
        {
            var changed = bytes.ToArray();
            changed[index] ^= 1;
            Assert.Null(cipher.TryOpen(changed));
        }

        Assert.Null(new PersonCipher(cipher.KeyId, cipher.PersonId, new byte[32]).TryOpen(bytes));
        Assert.Null(cipher.TryOpen(bytes.AsSpan(0, 20)));
    }

    [Theory]
    [InlineData("p1:")]
    [InlineData("p1:AAAA")]
    [InlineData("p1:not base64!")]
    [InlineData("anything else")]
    public void Other_texts_are_none_of_ours(string text) => Assert.Null(PersonCipher.Read(text));

    [Fact]
    public async Task Many_threads_share_a_cipher()
    {
        var texts = await Task.WhenAll(Enumerable.Range(0, 64).Select(number => Task.Run(() => Encoding.UTF8.GetString(cipher.TryOpen(PersonCipher.Read(cipher.Seal($"text {number}"))!.Value.Bytes)!))));
        Assert.Equal(Enumerable.Range(0, 64).Select(number => $"text {number}"), texts);
    }
}
