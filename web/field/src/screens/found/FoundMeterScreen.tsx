import { useState, type ReactNode } from "react";
import { Button, Choice, Notice, TextField, TopBar } from "@metersync/parts";
import { useLocation } from "wouter";

import { positionWatch, usePosition } from "../../app/here.ts";
import { Sync } from "../../app/Shell.tsx";
import { useRoute, useWork } from "../../app/work.ts";
import { isQuotaError } from "../../capture/storage.ts";
import { matchSerial } from "../../capture/scan.ts";
import { uuidv7 } from "../../store/identity.ts";
import type { MeterType } from "../../store/records.ts";
import { saveItem } from "../../store/saving.ts";
import { Evidence } from "../../visit/Evidence.tsx";
import { usePhotos } from "../../visit/usePhotos.ts";
import { useWords } from "../../words/useWords.ts";

const TYPES: readonly MeterType[] = ["water", "electric", "gas", "heat"];
const UNITS: Readonly<Record<MeterType, string>> = { water: "m³", electric: "kWh", gas: "m³", heat: "MWh" };

type Form = { serial: string; type: MeterType; address: string; digits: string; decimals: string; unit: string; value: string; owner: string; access: string; note: string };

/** A meter that stands in no list: it goes to the office as a proposal. */
export default function FoundMeterScreen(): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { book, database, news } = useWork();
  const view = useRoute();
  usePosition();
  const photos = usePhotos("reading", words("found.title"));
  const [form, setForm] = useState<Form>(() => ({ serial: new URLSearchParams(location.search).get("serial") ?? "", type: "water", address: "", digits: "", decimals: "", unit: UNITS.water, value: "", owner: "", access: "", note: "" }));
  const [failure, setFailure] = useState<"full" | "failed" | null>(null);
  const [kept, setKept] = useState<string | null>(null);
  const set = <Name extends keyof Form>(name: Name) => (value: Form[Name]) => { setForm((was) => ({ ...was, [name]: value })); };

  const serial = form.serial.trim();
  const same = serial === "" || !view.loaded ? undefined : matchSerial(serial, book.all().map((stop) => stop.meter.serial_number)).find(({ how }) => how === "equal");
  const known = same === undefined ? null : (book.all()[same.index] ?? null);
  const digits = wholeNumber(form.digits, 1, 12);
  const decimals = wholeNumber(form.decimals, 0, 6);

  const save = async () => {
    const position = positionWatch()?.best() ?? null;
    const clientId = uuidv7();
    const payload = {
      serial_number: serial,
      meter_type: form.type,
      ...text("address", form.address),
      ...text("unit", form.unit),
      ...text("owner", form.owner),
      ...text("access_notes", form.access),
      ...(typeof digits === "number" ? { digits } : {}),
      ...(typeof decimals === "number" ? { decimals } : {}),
      ...(position === null ? {} : { latitude: position.latitude, longitude: position.longitude }),
      ...text("notes", [form.value.trim() === "" ? "" : `${words("found.value")}: ${form.value.trim()}`, form.note.trim()].filter((part) => part !== "").join("\n")),
      ...(photos.photos.length === 0 ? {} : { photos: photos.photos.map(({ sha256 }) => sha256) }),
    };
    try {
      await saveItem(database, { client_id: clientId, entity: "found_meter", payload, meter_id: null, title: form.address.trim() === "" ? serial : form.address.trim(), detail: serial }, photos.photos.map(({ id }) => id));
    } catch (error) {
      setFailure(isQuotaError(error) ? "full" : "failed");
      reportError(error);
      return;
    }
    news.tell({ kind: "outbox", ids: [clientId] });
    setKept(serial);
  };

  if (kept !== null) {
    return (
      <div className="ms-screen">
        <Sync />
        <TopBar title={words("found.title")} onBack={() => { go("/"); }} backLabel={words("common.back")} />
        <main className="ms-screen-body ms-pad-card ms-stack">
          <Notice tone="safe" icon="check" title={words("found.kept", { serial: kept })} live>{words("found.text")}</Notice>
          <Button kind="filled" wide onPress={() => { go("/"); }}>{words("app.to_route")}</Button>
        </main>
      </div>
    );
  }
  const isReady = serial !== "" && known === null && digits !== "bad" && decimals !== "bad";
  return (
    <div className="ms-screen">
      <Sync />
      <TopBar title={words("found.title")} onBack={() => { go("/"); }} backLabel={words("common.back")} />
      <main className="ms-screen-body">
        <form className="ms-pad ms-stack-group field-form" onSubmit={(event) => { event.preventDefault(); if (isReady) save().catch(reportError); }}>
          <p className="ms-body ms-quiet">{words("found.text")}</p>
          <TextField label={words("found.serial")} value={form.serial} onChange={set("serial")} required maxLength={100} autoComplete="off" />
          {known === null ? <Button kind="outlined" size="card" icon="scan" onPress={() => { go("/scan"); }}>{words("found.serial_scan")}</Button> : (
            <Notice tone="attention" icon="list" title={words("found.known_title")} actions={<Button kind="tonal" size="card" onPress={() => { go(`/meter/${known.id}`); }}>{words("found.known_open")}</Button>} />
          )}
          <Choice label={words("found.type")} value={form.type} options={TYPES.map((type) => ({ value: type, label: words(`route.type_${type}`) }))} onChange={(type) => { setForm((was) => ({ ...was, type, unit: was.unit === UNITS[was.type] ? UNITS[type] : was.unit })); }} />
          <TextField label={words("found.address")} value={form.address} onChange={set("address")} maxLength={500} autoComplete="off" />
          <div className="ms-row field-top">
            <div className="ms-grow"><TextField label={words("found.digits")} value={form.digits} onChange={set("digits")} inputMode="numeric" {...(digits === "bad" ? { error: words("found.bad_digits") } : {})} /></div>
            <div className="ms-grow"><TextField label={words("found.decimals")} value={form.decimals} onChange={set("decimals")} inputMode="numeric" {...(decimals === "bad" ? { error: words("found.bad_decimals") } : {})} /></div>
          </div>
          <TextField label={words("found.unit")} value={form.unit} onChange={set("unit")} maxLength={20} autoComplete="off" />
          <TextField label={words("found.value")} value={form.value} onChange={set("value")} inputMode="decimal" maxLength={30} autoComplete="off" />
          <Evidence photos={photos} meterPlace={null} />
          <TextField label={words("found.owner")} value={form.owner} onChange={set("owner")} maxLength={200} autoComplete="off" />
          <TextField label={words("found.access")} value={form.access} onChange={set("access")} multiline maxLength={500} />
          <TextField label={words("found.note")} value={form.note} onChange={set("note")} multiline maxLength={500} />
          {failure === null ? null : <Notice tone="error" icon="warning" title={words(`reading.${failure}_title`)} live>{words(`reading.${failure}_text`)}</Notice>}
          <Button kind="filled" wide type="submit" disabled={!isReady}>{words(serial === "" ? "found.need_serial" : "found.save")}</Button>
        </form>
      </main>
    </div>
  );
}

function text(name: string, value: string): Record<string, string> {
  return value.trim() === "" ? {} : { [name]: value.trim() };
}

function wholeNumber(written: string, least: number, most: number): number | null | "bad" {
  if (written.trim() === "") return null;
  const number = Number(written.trim());
  return Number.isInteger(number) && number >= least && number <= most ? number : "bad";
}
