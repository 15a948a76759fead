import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { Skeleton } from "@metersync/parts";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";

import { ReadingScreen } from "../screens/reading/ReadingScreen.tsx";
import { RouteScreen } from "../screens/route/RouteScreen.tsx";
import { SignInScreen } from "../screens/sign-in/SignInScreen.tsx";
import { useWords } from "../words/useWords.ts";
import { Fault } from "./Fault.tsx";
import { Sync } from "./Shell.tsx";
import { SavedToast } from "./SavedToast.tsx";
import { UpdateNotice } from "./UpdateNotice.tsx";
import { useStatus, useWork } from "./work.ts";

const MapScreen = lazy(() => import("../screens/map/MapScreen.tsx"));
const QueueScreen = lazy(() => import("../screens/queue/QueueScreen.tsx"));
const MoreScreen = lazy(() => import("../screens/more/MoreScreen.tsx"));
const VisitScreen = lazy(() => import("../screens/visit/VisitScreen.tsx"));
const FoundMeterScreen = lazy(() => import("../screens/found/FoundMeterScreen.tsx"));
const SearchScreen = lazy(() => import("../screens/route/SearchScreen.tsx"));
const ShutOutScreen = lazy(() => import("../screens/sign-in/ShutOutScreen.tsx"));
const ScanScreen = lazy(() => import("../screens/route/ScanScreen.tsx"));

/** Every screen of a signed-in person, by its address under /field. */
export function Screens({ onSignedOut }: { onSignedOut: () => void }): ReactNode {
  return (
    <Router base={import.meta.env.BASE_URL.replace(/\/$/, "")}>
      <Pages onSignedOut={onSignedOut} />
      <SavedToast />
      <UpdateNotice />
    </Router>
  );
}

function Pages({ onSignedOut }: { onSignedOut: () => void }): ReactNode {
  const [path, go] = useLocation();
  const work = useWork();
  const isShutOut = useStatus()?.trouble === "revoked";
  useEffect(() => {
    scrollTo(0, 0);
  }, [path]);
  return (
    <Fault resetKey={path} onLeave={() => { go("/"); }}>
      <Suspense fallback={<Coming />}>
        <Switch>
          {isShutOut && path !== "/sign-in" ? <Route><ShutOutScreen /></Route> : null}
          <Route path="/"><RouteScreen /></Route>
          <Route path="/search"><SearchScreen /></Route>
          <Route path="/scan"><ScanScreen /></Route>
          <Route path="/map"><MapScreen /></Route>
          <Route path="/queue/:part?">{({ part }) => <QueueScreen part={part ?? null} />}</Route>
          <Route path="/more"><MoreScreen onSignedOut={onSignedOut} /></Route>
          <Route path="/meter/:id">{({ id }) => <ReadingScreen key={id} meterId={id} />}</Route>
          <Route path="/visit/:id">{({ id }) => <VisitScreen key={id} clientId={id} />}</Route>
          <Route path="/found"><FoundMeterScreen /></Route>
          <Route path="/sign-in">
            <SignInScreen
              ground={work}
              again={work.user}
              onBack={() => { go("/"); }}
              onDone={(user) => {
                if (user.id === work.user.id) {
                  work.drainer.demand().catch(reportError);
                  go("/");
                } else location.assign(import.meta.env.BASE_URL);
              }}
            />
          </Route>
          <Route><Redirect to="/" /></Route>
        </Switch>
      </Suspense>
    </Fault>
  );
}

function Coming(): ReactNode {
  const words = useWords();
  return (
    <div className="ms-screen">
      <Sync />
      <main className="ms-screen-body">
        <Skeleton count={6} label={words("app.opening")} />
      </main>
    </div>
  );
}
