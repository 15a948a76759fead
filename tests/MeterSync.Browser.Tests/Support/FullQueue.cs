using System.Globalization;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>Fills a phone's queue as a long day without a network does. Nobody can type 3,000 readings in a test: one that the app itself saved is copied, row for row, for other meters.</summary>
public static class FullQueue
{
    // Everything the app wrote stays as it wrote it, but for ids, value and hash.
    private const string Copy = """
        async ([prefix, pattern, copies]) => {
          const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
          const [{ name }] = (await indexedDB.databases()).filter((one) => one.name.startsWith(prefix));
          const database = await done(indexedDB.open(name));
          try {
            const stores = ["meters", "assignments", "visits", "outbox", "photos", "photo_files", "facts"];
            const look = database.transaction(stores);
            const of = (store, key) => done(look.objectStore(store).get(key));
            const [visit, item, meters, work] = await Promise.all([of("visits", pattern), of("outbox", pattern), done(look.objectStore("meters").getAll()), done(look.objectStore("assignments").getAll())]);
            if (!visit || !item) throw new Error(`${pattern} is not in the outbox`);
            const shown = await Promise.all(visit.photo_ids.map((id) => Promise.all([of("photos", id), of("photo_files", id)])));
            const meterOf = new Map(meters.map((meter) => [meter.id, meter]));
            const workOf = new Map(work.map((one) => [one.meter_id, one.id]));
            const was = meterOf.get(visit.meter_id);
            const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
            const revalued = (value, text) => Array.isArray(value) ? value.map((inner) => revalued(inner, text))
              : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === "value" || key === "reading_value" ? (typeof inner === "number" ? Number(text) : text) : revalued(inner, text)]))
              : value;
            for (let at = 0; at < copies.length; at += 250) {
              const rows = [];
              for (const copy of copies.slice(at, at + 250)) {
                const meter = meterOf.get(copy.meter_id);
                if (!meter) throw new Error(`the phone does not know ${copy.meter_id}`);
                const other = [[pattern, copy.client_id], [was.id, meter.id], [was.registers[0].id, meter.registers[0].id], [was.serial_number, meter.serial_number]];
                if (visit.assignment_id) other.push([visit.assignment_id, workOf.get(meter.id) ?? visit.assignment_id]);
                const photos = [];
                for (const [index, [photo, file]] of (copy.with_photos ? shown : []).entries()) {
                  // Bytes behind the end of a JPEG are not seen, and make it another file.
                  const blob = new Blob([file.blob, new TextEncoder().encode(copy.client_id)], { type: file.blob.type });
                  const id = copy.photo_ids[index];
                  const sha256 = hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
                  other.push([photo.id, id], [photo.sha256, sha256]);
                  photos.push([{ ...photo, id, visit_id: copy.client_id, sha256, size: blob.size, title: photo.title }, { ...file, id, blob }]);
                }
                const renamed = (text) => other.reduce((so, [from, to]) => so.replaceAll(from, to), text);
                const mine = JSON.parse(renamed(JSON.stringify(visit)));
                mine.values = mine.values.map((value) => ({ ...value, text: copy.text }));
                const sent = JSON.parse(item.body);
                sent.payload = revalued(sent.payload, copy.text);
                if (!copy.with_photos) {
                  mine.photo_ids = [];
                  delete sent.payload.photos;
                }
                rows.push([mine, { ...JSON.parse(renamed(JSON.stringify({ ...item, body: "" }))), body: renamed(JSON.stringify(sent)) }, photos]);
              }
              const saving = database.transaction(stores, "readwrite", { durability: "strict" });
              for (const [mine, queued, photos] of rows) {
                saving.objectStore("visits").put(mine);
                saving.objectStore("outbox").put(queued);
                for (const [photo, file] of photos) {
                  saving.objectStore("photos").put(photo);
                  saving.objectStore("photo_files").put(file);
                }
              }
              const facts = saving.objectStore("facts");
              const saved = facts.get("saved_count");
              saved.onsuccess = () => facts.put((saved.result ?? 0) + rows.length, "saved_count");
              await new Promise((resolve, reject) => { saving.oncomplete = resolve; saving.onabort = () => reject(saving.error); });
            }
          } finally {
            database.close();
          }
        }
        """;

    /// <summary>Copies a reading that waits on this phone for other meters with one register each.</summary>
    /// <param name="pattern">Client id of a reading of a meter with one register that the app saved while it was offline.</param>
    /// <param name="meters">Whose readings to make; known on the phone.</param>
    /// <param name="withPhotos">So many of the first ones get copies of the pattern's photos.</param>
    /// <exception cref="PlaywrightException">The phone does not know the reading or a meter.</exception>
    public static async Task FillAsync(Phone phone, FieldScene scene, string pattern, IEnumerable<SceneMeter> meters, int withPhotos = 0)
    {
        ArgumentNullException.ThrowIfNull(phone);
        ArgumentNullException.ThrowIfNull(scene);
        const int MostPhotosEach = 10;
        var copies = meters.Select((meter, at) => new
        {
            meter_id = meter.Id,
            client_id = Guid.CreateVersion7().ToString(),
            text = scene.ExpectedNow(meter).ToString(string.Create(CultureInfo.InvariantCulture, $"F{meter.Decimals}"), CultureInfo.InvariantCulture),
            with_photos = at < withPhotos,
            photo_ids = at < withPhotos ? Enumerable.Range(0, MostPhotosEach).Select(_ => Guid.CreateVersion7().ToString()).ToArray() : [],
        }).ToArray();
        await phone.Page.EvaluateAsync(Copy, new object[] { Phone.DatabasePrefix, pattern, copies });
    }
}
