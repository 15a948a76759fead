import { useEffect, useState, type ReactNode } from "react";
import { Button, EmptyState, FabButton, IconButton, ProgressBar, SegmentTabs, Skeleton, TopBar } from "@metersync/parts";
import { useLocation } from "wouter";

import { markWhenShown } from "../../app/marks.ts";
import { usePreferences } from "../../app/preferences.ts";
import { Navigation, Sync } from "../../app/Shell.tsx";
import { useRoute, useStatus, useWork } from "../../app/work.ts";
import { forecastMinutes } from "../../route/forecast.ts";
import type { RouteView } from "../../route/book.ts";
import type { StopState } from "../../route/stop.ts";
import { formatDay, formatDuration } from "../../words/format.ts";
import { useWords } from "../../words/useWords.ts";
import { NextStop } from "./NextStop.tsx";
import { StopList } from "./StopList.tsx";

const TABS = ["todo", "done", "skipped", "problem"] as const satisfies readonly StopState[];

/** Where I go next, how much is left, and the round as a list. */
export function RouteScreen(): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const view = useRoute();
  const { preferences } = useWork();
  const { theme } = usePreferences(preferences);
  const [tab, setTab] = useState<StopState>("todo");
  const [body, setBody] = useState<HTMLElement | null>(null);
  const hasStops = view.stops.length > 0;
  useEffect(() => {
    if (view.loaded) markWhenShown("route-usable");
  }, [view.loaded]);

  const outdoor = theme === "outdoor";
  return (
    <div className="ms-screen">
      <Sync />
      <TopBar
        title={words("route.title")}
        second={formatDay(Date.now())}
        actions={
          <>
            <IconButton icon="search" label={words("route.search")} onPress={() => { go("/search"); }} />
            <IconButton icon="sun" label={words("route.outdoor")} pressed={outdoor} onPress={() => { preferences.choose({ theme: outdoor ? "system" : "outdoor" }).catch(reportError); }} />
          </>
        }
      />
      <main className="ms-screen-main">
        <div className="ms-screen-body" ref={setBody}>
          {!view.loaded ? <Skeleton count={7} label={words("app.opening")} /> : hasStops ? (
            <>
              <Progress view={view} />
              {view.next === null ? <EmptyState icon="check" title={words("route.done_title")} text={words("route.done_text", { n: view.stops.length })} /> : <NextStop stop={view.next} />}
              <SegmentTabs label={words("route.tabs")} chosen={tab} onChoose={setTab} items={TABS.map((id) => ({ id, label: words(`route.tab_${id}`, { n: view.counts[id] }) }))} />
              <StopList view={view} state={tab} scroller={body} />
            </>
          ) : <NoWork />}
        </div>
        <div className="ms-screen-float"><FabButton icon="scan" label={words("route.scan")} onPress={() => { go("/scan"); }} /></div>
      </main>
      <Navigation at="route" />
    </div>
  );
}

function Progress({ view }: { view: RouteView }): ReactNode {
  const words = useWords();
  const { todo, done, skipped, problem } = view.counts;
  const minutes = forecastMinutes(view.stops);
  return (
    <div className="ms-pad">
      <ProgressBar
        parts={[{ tone: "read", count: done }, { tone: "skipped", count: skipped }, { tone: "second", count: problem }, { tone: "left", count: todo }]}
        label={words("route.progress", { read: done, skipped, second: problem, left: todo })}
      />
      <div className="ms-spread ms-second ms-num field-head-line">
        <span><b className="field-on">{words("route.left", { n: todo })}</b> {words("route.of_total", { total: view.stops.length })}</span>
        {todo === 0 ? null : <span>{words("route.about", { time: formatDuration(minutes) })}</span>}
      </div>
    </div>
  );
}

function NoWork(): ReactNode {
  const words = useWords();
  const status = useStatus();
  const { drainer } = useWork();
  const isOffline = status?.kind === "offline";
  return (
    <EmptyState
      icon="list"
      title={words("route.none_title")}
      text={words(isOffline ? "route.none_offline" : "route.none_text")}
      actions={<Button kind="tonal" icon="retry" busy={status?.kind === "sending"} onPress={() => { drainer.demand().catch(reportError); }}>{words("route.fetch")}</Button>}
    />
  );
}
