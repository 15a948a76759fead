import { useCallback, useEffect, useState, type ReactNode } from "react";
import { Button, EmptyState } from "@metersync/parts";

import { connect } from "../sync/server.ts";
import { openPhone, readPhone } from "../store/phone.ts";
import type { User } from "../store/records.ts";
import { SignInScreen } from "../screens/sign-in/SignInScreen.tsx";
import { UnlockScreen } from "../screens/sign-in/UnlockScreen.tsx";
import { useWords } from "../words/useWords.ts";
import { Preferences } from "./preferences.ts";
import { Screens } from "./Screens.tsx";
import { fetchSettings } from "./settings.ts";
import { useAwayLock } from "./useAwayLock.ts";
import { openWork, WorkContext, type Phone, type Work } from "./work.ts";

type Standing =
  | { at: "opening" }
  | { at: "broken"; error: unknown }
  | { at: "sign-in"; ground: Phone }
  | { at: "locked"; ground: Phone; user: User }
  | { at: "work"; ground: Phone; work: Work };

/** Who is at the phone: nobody yet, somebody behind the PIN, or somebody at work. */
export function Root(): ReactNode {
  const [standing, setStanding] = useState<Standing>({ at: "opening" });
  const fail = useCallback((error: unknown) => {
    setStanding({ at: "broken", error });
  }, []);

  const begin = useCallback(
    async (ground: Phone, user: User) => {
      const work = await openWork(ground, user, reload, report);
      setStanding((was) => {
        if (was.at === "work") was.work.close();
        return { at: "work", ground, work };
      });
    },
    [],
  );

  const open = useCallback(async () => {
    const phone = await openPhone();
    const [preferences, user, pin, settings] = await Promise.all([Preferences.load(phone), readPhone(phone, "user"), readPhone(phone, "pin"), fetchSettings()]);
    const ground: Phone = { phone, client: connect(), preferences, settings };
    if (user === null) setStanding({ at: "sign-in", ground });
    else if (pin !== null && pin.user_id === user.id) setStanding({ at: "locked", ground, user });
    else await begin(ground, user);
  }, [begin]);

  useEffect(() => {
    open().catch(fail);
  }, [open, fail]);

  const leave = useCallback((work: Work) => {
    work.close();
    // Whoever comes next begins at the route.
    history.replaceState(null, "", import.meta.env.BASE_URL);
    setStanding({ at: "sign-in", ground: work });
  }, []);
  const lock = useCallback((work: Work) => {
    work.close();
    setStanding({ at: "locked", ground: work, user: work.user });
  }, []);

  switch (standing.at) {
    case "opening":
      return null;
    case "broken":
      return <Broken error={standing.error} />;
    case "sign-in":
      return <SignInScreen ground={standing.ground} onDone={(user) => { begin(standing.ground, user).catch(fail); }} />;
    case "locked":
      return (
        <UnlockScreen
          ground={standing.ground}
          user={standing.user}
          onDone={() => { begin(standing.ground, standing.user).catch(fail); }}
          onForgotten={() => { setStanding({ at: "sign-in", ground: standing.ground }); }}
        />
      );
    case "work":
      return <AtWork key={standing.work.user.id} work={standing.work} onLeave={leave} onLock={lock} />;
  }
}

function AtWork({ work, onLeave, onLock }: { work: Work; onLeave: (work: Work) => void; onLock: (work: Work) => void }): ReactNode {
  useAwayLock(work, () => {
    onLock(work);
  });
  return (
    <WorkContext value={work}>
      <Screens onSignedOut={() => { onLeave(work); }} />
    </WorkContext>
  );
}

function Broken({ error }: { error: unknown }): ReactNode {
  const words = useWords();
  const isNewer = error instanceof DOMException && error.name === "VersionError";
  return (
    <div className="ms-screen">
      <main className="ms-screen-body">
        <EmptyState
          icon="warning"
          title={words("app.broken_title")}
          text={
            <>
              {words(isNewer ? "app.broken_newer" : "app.broken_text")} <code>{String(error)}</code>
            </>
          }
          actions={<Button kind="filled" onPress={reload}>{words("app.load_again")}</Button>}
        />
      </main>
    </div>
  );
}

function reload(): void {
  location.reload();
}

/** What fails beside a screen goes where all faults of pages go: the console, and whoever listens for errors. */
function report(error: unknown): void {
  reportError(error);
}
