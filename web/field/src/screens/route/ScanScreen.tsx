import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button, IconButton, Notice, TopBar } from "@metersync/parts";
import { useLocation } from "wouter";

import { usePreferences } from "../../app/preferences.ts";
import { Sync } from "../../app/Shell.tsx";
import { useWork } from "../../app/work.ts";
import { pickFile } from "../../capture/pick.ts";
import { buzz } from "../../capture/haptics.ts";
import { matchSerial, openScanner, scanImage, ScanError, type ScanCode, type Scanner } from "../../capture/scan.ts";
import type { Stop } from "../../route/stop.ts";
import { useWords } from "../../words/useWords.ts";
import { StopRow } from "./StopRow.tsx";

type Finding = { kind: "none" } | { kind: "unknown"; code: string } | { kind: "several"; code: string; stops: readonly Stop[] } | { kind: "failed"; why: ScanCode | "nothing_found" };

/** The camera reads barcodes and QR codes; the meter they name is opened. */
export default function ScanScreen(): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { book, preferences } = useWork();
  const { haptics } = usePreferences(preferences);
  const video = useRef<HTMLVideoElement>(null);
  const [scanner, setScanner] = useState<Scanner | null>(null);
  const [torch, setTorch] = useState(false);
  const [finding, setFinding] = useState<Finding>({ kind: "none" });

  const take = (code: string): boolean => {
    const all = book.all();
    const matches = matchSerial(code, all.map((stop) => stop.meter.serial_number));
    // What is only contained somewhere is no rival of what is equal.
    const stops = matches.filter(({ how }) => how === matches[0]?.how).flatMap(({ index }) => all[index] ?? []);
    if (stops.length === 0) {
      setFinding({ kind: "unknown", code });
      return false;
    }
    buzz("saved", haptics);
    const [only] = stops;
    if (stops.length === 1 && only !== undefined) go(`/meter/${only.id}`, { replace: true });
    else setFinding({ kind: "several", code, stops });
    return true;
  };
  const onCode = useRef(take);
  useEffect(() => {
    onCode.current = take;
  });

  useEffect(() => {
    let left = false;
    let opened: Scanner | null = null;
    const failed = (error: unknown) => {
      if (!left) setFinding({ kind: "failed", why: error instanceof ScanError ? error.code : "unsupported" });
    };
    const place = video.current;
    if (place === null) return undefined;
    openScanner(place, (text) => { onCode.current(text); }, { onEnd: failed }).then((now) => {
      opened = now;
      if (left) now.stop();
      else setScanner(now);
    }, failed);
    return () => {
      left = true;
      opened?.stop();
    };
  }, []);

  const readPhoto = async () => {
    const file = await pickFile("image/*", "environment");
    if (file === null) return;
    try {
      const codes = await scanImage(file);
      if (codes.length === 0) setFinding({ kind: "failed", why: "nothing_found" });
      else if (!codes.some(({ text }) => take(text))) setFinding({ kind: "unknown", code: codes[0]?.text ?? "" });
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      setFinding({ kind: "failed", why: error.code });
    }
  };

  return (
    <div className="ms-screen">
      <Sync />
      <TopBar
        title={words("route.scan_title")}
        onBack={() => { go("/"); }}
        backLabel={words("common.back")}
        actions={scanner?.hasTorch === true ? <IconButton icon="flash" label={words("route.scan_torch")} pressed={torch} onPress={() => { scanner.setTorch(!torch).then(() => { setTorch(!torch); }, reportError); }} /> : undefined}
      />
      <div className="field-camera">
        {/* A live picture of the camera has no words to be subtitled. */}
        <video ref={video} muted playsInline aria-label={words("route.scan_hint")} />
      </div>
      <main className="ms-screen-action" aria-live="polite">
        {finding.kind === "none" ? <p className="ms-body">{scanner === null ? words("route.scan_opening") : words("route.scan_hint")}</p> : null}
        {finding.kind === "failed" ? <Notice tone="attention" icon="camera" title={words(`capture.scan_${finding.why}`)} /> : null}
        {finding.kind === "unknown" ? (
          <Notice
            tone="attention"
            icon="question-box"
            title={words("route.scan_unknown", { code: finding.code })}
            actions={<Button kind="tonal" size="card" icon="plus" onPress={() => { go(`/found?serial=${encodeURIComponent(finding.code)}`); }}>{words("route.add_meter")}</Button>}
          />
        ) : null}
        {finding.kind === "several" ? (
          <>
            <p className="ms-strong">{words("route.scan_several", { n: finding.stops.length, code: finding.code })}</p>
            {finding.stops.slice(0, 5).map((stop, index) => <StopRow key={stop.id} stop={stop} before={null} here={null} divided={index > 0} />)}
          </>
        ) : null}
        <Button kind="outlined" icon="gallery" wide onPress={() => { readPhoto().catch(reportError); }}>{words("route.scan_photo")}</Button>
        <Button kind="text" icon="keyboard" wide onPress={() => { go("/search"); }}>{words("route.search")}</Button>
      </main>
    </div>
  );
}
