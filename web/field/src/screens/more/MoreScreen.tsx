import { useEffect, useState, type ReactNode } from "react";
import { Button, Card, Choice, Icon, ListRow, Switch, TopBar } from "@metersync/parts";
import { useLocation } from "wouter";

import { usePreferences, type Theme } from "../../app/preferences.ts";
import { Navigation, Sync } from "../../app/Shell.tsx";
import { useWork } from "../../app/work.ts";
import { readPhone } from "../../store/phone.ts";
import { clearPin } from "../../store/pin.ts";
import { LANGUAGES } from "../../words/index.ts";
import { useWords } from "../../words/useWords.ts";
import { useExport } from "../queue/useExport.ts";
import { Install } from "./Install.tsx";
import { PinSheet } from "./PinSheet.tsx";
import { SignOutSheet } from "./SignOutSheet.tsx";
import { Storage } from "./Storage.tsx";

const THEMES: readonly Theme[] = ["system", "light", "dark", "outdoor"];

/** Settings, storage and the account. */
export default function MoreScreen({ onSignedOut }: { onSignedOut: () => void }): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { preferences, phone, user, settings, deviceId } = useWork();
  const { theme, language, haptics } = usePreferences(preferences);
  const exporting = useExport();
  const [hasPin, setHasPin] = useState<boolean | null>(null);
  const [open, setOpen] = useState<"pin" | "sign-out" | null>(null);
  useEffect(() => {
    readPhone(phone, "pin").then((pin) => { setHasPin(pin?.user_id === user.id); }, reportError);
  }, [phone, user.id]);

  return (
    <div className="ms-screen">
      <Sync />
      <TopBar title={words("more.title")} second={words("more.signed_in_as", { name: user.name, username: user.username ?? user.email })} />
      <main className="ms-screen-body ms-pad-card">
        <div className="ms-stack-group field-more">
          <Card rows>
            <ListRow leading={<Icon name="plus" />} title={words("more.found")} trailing={<Icon name="chevron" />} onPress={() => { go("/found"); }} />
            <ListRow leading={<Icon name="download" />} title={words("more.export")} second={exporting.said ?? undefined} onPress={exporting.run} />
          </Card>
          <Card label={words("more.look")}>
            <div className="ms-stack-group">
              <Choice label={words("more.theme")} value={theme} options={THEMES.map((one) => ({ value: one, label: words(`more.theme_${one}`) }))} onChange={(chosen) => { preferences.choose({ theme: chosen }).catch(reportError); }} />
              <Choice label={words("more.language")} value={language} options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name, lang: code }))} onChange={(chosen) => { preferences.choose({ language: chosen }).catch(reportError); }} />
              <Switch label={words("more.haptics")} checked={haptics} onChange={(on) => { preferences.choose({ haptics: on }).catch(reportError); }} />
            </div>
          </Card>
          <Card label={words("more.security")}>
            <div className="ms-stack">
              <h2 className="ms-row-title">{words("more.security")}</h2>
              <p className="ms-second">{words("more.pin_text", { n: settings.lock_minutes })}</p>
              <Button kind="tonal" size="card" icon="lock" wide onPress={() => { setOpen("pin"); }}>{words(hasPin === true ? "more.pin_change" : "more.pin_set")}</Button>
              {hasPin === true ? <Button kind="text" size="card" wide onPress={() => { clearPin(phone).then(() => { setHasPin(false); }, reportError); }}>{words("more.pin_remove")}</Button> : null}
            </div>
          </Card>
          <Storage />
          <Install />
          <Card label={words("more.help")}>
            <div className="ms-stack">
              <h2 className="ms-row-title">{words("more.help")}</h2>
              <p className="ms-second">{words("more.help_offline")}</p>
              <p className="ms-second">{words("more.help_wrong")}</p>
              <p className="ms-second">{words("more.help_lost")}</p>
            </div>
          </Card>
          <Button kind="outlined" wide onPress={() => { setOpen("sign-out"); }}>{words("more.sign_out")}</Button>
          <p className="ms-second ms-serial field-about">
            {settings.version === "" ? null : <>{words("more.version", { version: settings.version })}<br /></>}
            {words("more.this_phone", { id: deviceId })}<br />
            <a href={`${import.meta.env.BASE_URL}third-party-notices.txt`} target="_blank" rel="noreferrer">{words("more.notices")}</a>
          </p>
        </div>
      </main>
      <Navigation at="more" />
      {open === "pin" ? <PinSheet onDone={() => { setHasPin(true); setOpen(null); }} onClose={() => { setOpen(null); }} /> : null}
      {open === "sign-out" ? <SignOutSheet onDone={onSignedOut} onClose={() => { setOpen(null); }} /> : null}
    </div>
  );
}
