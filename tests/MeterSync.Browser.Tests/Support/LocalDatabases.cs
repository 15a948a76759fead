using System.Text.Json;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>Looks into the IndexedDB databases of an origin from outside of the application.</summary>
internal static class LocalDatabases
{
    // Opened without a version and closed at once: a look must not stand in the way of an upgrade.
    private const string Dump = """
        async ([prefix, store]) => {
          const shown = (value) => value instanceof Blob ? { blob: value.type, size: value.size }
            : value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? { bytes: value.byteLength }
            : value instanceof Date ? value.toISOString()
            : Array.isArray(value) ? value.map(shown)
            : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]))
            : value;
          const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
          const rows = [];
          for (const { name } of await indexedDB.databases()) {
            if (!name.startsWith(prefix)) continue;
            const database = await done(indexedDB.open(name));
            try {
              if (!database.objectStoreNames.contains(store)) throw new Error(`${name} has no store ${store}, but ${[...database.objectStoreNames].join(", ")}`);
              const from = database.transaction(store).objectStore(store);
              const [keys, values] = await Promise.all([done(from.getAllKeys()), done(from.getAll())]);
              values.forEach((value, at) => rows.push({ database: name, key: shown(keys[at]), value: shown(value) }));
            } finally {
              database.close();
            }
          }
          return JSON.stringify(rows);
        }
        """;

    private const string Count = """
        async ([prefix, store, index, key]) => {
          const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
          let count = 0;
          for (const { name } of await indexedDB.databases()) {
            if (!name.startsWith(prefix)) continue;
            const database = await done(indexedDB.open(name));
            try {
              count += await done(database.transaction(store).objectStore(store).index(index).count(key));
            } finally {
              database.close();
            }
          }
          return count;
        }
        """;

    /// <summary>Random bytes in a database of their own, in ever smaller pieces.</summary>
    internal const string Fill = """
        async () => {
          const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
          const opening = indexedDB.open("filler", 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore("bytes", { autoIncrement: true });
          const database = await done(opening);
          for (let size = 4 << 20; size >= 1024;) {
            const bytes = new Uint8Array(size);
            for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65536)));
            const saving = database.transaction("bytes", "readwrite");
            saving.objectStore("bytes").put(new Blob([bytes]));
            const isKept = await new Promise((resolve) => { saving.oncomplete = () => resolve(true); saving.onabort = () => resolve(false); });
            if (!isKept) size >>= 1;
          }
          database.close();
        }
        """;

    internal const string Empty = """
        () => new Promise((resolve, reject) => {
          const deleting = indexedDB.deleteDatabase("filler");
          deleting.onsuccess = () => resolve();
          deleting.onerror = () => reject(deleting.error);
        })
        """;

    /// <returns>Each row as <c>{ database, key, value }</c>; of a Blob its type and size, of bytes their number.</returns>
    /// <exception cref="PlaywrightException">A database has no such store.</exception>
    public static async Task<IReadOnlyList<JsonElement>> RowsAsync(IPage page, string prefix, string store)
    {
        using var document = JsonDocument.Parse(await page.EvaluateAsync<string>(Dump, new[] { prefix, store }));
        return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
    }

    /// <summary>How many rows an index has for a key: cheap enough to ask often.</summary>
    public static Task<int> CountAsync(IPage page, string prefix, string store, string index, string key) =>
        page.EvaluateAsync<int>(Count, new[] { prefix, store, index, key });

    public static Task<string[]> NamesAsync(IPage page, string prefix) =>
        page.EvaluateAsync<string[]>("async (prefix) => (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith(prefix)).sort()", prefix);
}
