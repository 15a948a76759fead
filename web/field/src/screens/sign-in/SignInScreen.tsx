import { useEffect, useState, type ReactNode } from "react";
import { Button, Choice, Notice, TextField, TopBar } from "@metersync/parts";
import { MeterSyncError, UNREACHABLE } from "@metersync/api";

import { usePreferences } from "../../app/preferences.ts";
import type { Phone } from "../../app/work.ts";
import type { User } from "../../store/records.ts";
import { keptForUsers, signIn, type Kept } from "../../store/signing.ts";
import { LANGUAGES } from "../../words/index.ts";
import { useWords, type Words } from "../../words/useWords.ts";

type Props = {
  ground: Phone;
  /** Whose session ended: the person is asked to come back, and what waits is named. */
  again?: User;
  onBack?: () => void;
  onDone: (user: User) => void;
};

export function SignInScreen({ ground, again, onBack, onDone }: Props): ReactNode {
  const words = useWords();
  const { language } = usePreferences(ground.preferences);
  const [username, setUsername] = useState(again?.username ?? again?.email ?? "");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [kept, setKept] = useState<readonly Kept[]>([]);
  useEffect(() => {
    keptForUsers(ground.phone).then(setKept, reportError);
  }, [ground.phone]);

  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      onDone(await signIn(ground.client, ground.phone, username.trim(), password));
    } catch (failure) {
      setError(sayRefusal(words, failure));
    } finally {
      setBusy(false);
    }
  };
  const mine = again === undefined ? undefined : kept.find((one) => one.user.id === again.id);
  const others = kept.filter((one) => one.count > 0 && one.user.id !== again?.id);

  return (
    <div className="ms-screen">
      <TopBar title={words("app.sign_in_title")} second={words("app.name")} onBack={onBack} backLabel={words("common.back")} />
      <main className="ms-screen-body">
        <form
          className="ms-pad ms-stack-group field-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (username.trim() !== "" && password !== "" && !busy) void submit();
          }}
        >
          {again === undefined ? (
            <p className="ms-body ms-quiet">{words("app.sign_in_text")}</p>
          ) : (
            <Notice tone="attention" icon="person" title={mine === undefined || mine.count === 0 ? words("app.sign_in_again_none") : words("app.sign_in_again", { n: mine.count })} />
          )}
          {error === null ? null : <Notice tone="error" icon="warning" title={error} live />}
          <TextField label={words("app.username")} value={username} onChange={setUsername} autoComplete="username" name="username" required />
          <TextField label={words("app.password")} value={password} onChange={setPassword} type="password" autoComplete="current-password" name="password" required />
          <Button kind="filled" wide type="submit" busy={busy} disabled={busy || username.trim() === "" || password === ""}>
            {busy ? words("app.signing_in") : username.trim() === "" || password === "" ? words("app.sign_in_missing") : words("app.sign_in")}
          </Button>
          {others.map(({ user, count }) => (
            <p key={user.id} className="ms-second">{words("app.kept_for_others", { name: user.name, n: count })}</p>
          ))}
          <Choice
            label={words("app.language")}
            value={language}
            options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
            onChange={(chosen) => { ground.preferences.choose({ language: chosen }).catch(reportError); }}
          />
        </form>
      </main>
    </div>
  );
}

function sayRefusal(words: Words, failure: unknown): string {
  if (!(failure instanceof MeterSyncError)) throw failure;
  if (failure.code === UNREACHABLE) return words("app.sign_in_offline");
  if (failure.status === 429) return words("app.sign_in_too_often", { n: Math.max(1, Math.ceil((failure.retry_after_s ?? 60) / 60)) });
  if (failure.code === "field.no_field_work") return words("app.sign_in_not_agent");
  if (failure.status === 401 || failure.status === 400 || failure.status === 422) return words("app.sign_in_refused");
  if (failure.status >= 500 || failure.status === 0) return words("app.sign_in_server");
  return failure.message;
}
