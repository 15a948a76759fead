import type { ReactNode } from "react";
import { NavBar, SyncBar, type SyncBarProps } from "@metersync/parts";
import { useLocation } from "wouter";

import type { SyncStatus } from "../sync/status.ts";
import { formatInstant } from "../words/format.ts";
import { useWords, type Words } from "../words/useWords.ts";
import { useStatus } from "./work.ts";

export type Place = "route" | "map" | "queue" | "more";

const PATHS: Readonly<Record<Place, string>> = { route: "/", map: "/map", queue: "/queue", more: "/more" };

/** The bar that always says whether anything is lost; a tap opens the queue. */
export function Sync(): ReactNode {
  const words = useWords();
  const status = useStatus();
  const [, go] = useLocation();
  const said = sayStatus(words, status);
  return (
    <SyncBar
      {...said}
      label={words("app.bar_label", { text: said.text })}
      onPress={() => {
        go(status?.kind === "signed_out" ? "/sign-in" : "/queue");
      }}
    />
  );
}

export function sayStatus(words: Words, status: SyncStatus | null): Omit<SyncBarProps, "onPress" | "label"> {
  if (status === null) return { tone: "safe", text: words("app.bar_starting"), detail: "" };
  const { needsYou, since, syncedAt } = status;
  // Photos are counted apart, and wait when nothing else does.
  const waiting = status.waiting === 0 ? status.photosWaiting : status.waiting;
  const kept = waiting + needsYou;
  switch (status.kind) {
    case "signed_out":
      return { tone: "needs", text: kept === 0 ? words("app.bar_signed_out_none") : words("app.bar_signed_out", { n: kept }), detail: words("app.bar_sign_in") };
    case "needs_you": {
      const needs = words("app.bar_needs", { n: needsYou });
      return { tone: "needs", text: waiting === 0 ? needs : words("app.bar_needs_waiting", { needs, waiting: words("app.bar_waiting", { n: waiting }) }), detail: words("app.bar_show") };
    }
    case "sending":
      return {
        tone: "sending",
        text: status.total > 0 ? words("app.bar_sending", { done: status.done, total: status.total }) : words("app.bar_sending_photos", { n: Math.max(1, status.photosWaiting) }),
        detail: syncedAt === null ? "" : formatInstant(syncedAt),
        progress: status.total > 0 ? status.done / status.total : null,
      };
    case "offline":
      return {
        tone: "offline",
        text: waiting === 0 ? words("app.bar_offline") : words("app.bar_offline_kept", { n: waiting }),
        detail: since === null ? "" : words("app.bar_since", { time: formatInstant(since) }),
      };
    case "waiting":
      return { tone: "waiting", text: words("app.bar_waiting", { n: waiting }), detail: syncedAt === null ? "" : words("app.bar_on_phone", { time: formatInstant(syncedAt) }) };
    case "safe":
      return { tone: "safe", text: words("app.bar_safe"), detail: syncedAt === null ? "" : formatInstant(syncedAt) };
  }
}

export function Navigation({ at }: { at: Place }): ReactNode {
  const words = useWords();
  const status = useStatus();
  const [, go] = useLocation();
  const badge = status === null ? 0 : status.needsYou > 0 ? status.needsYou : status.waiting === 0 ? status.photosWaiting : status.waiting;
  return (
    <NavBar
      label={words("app.navigation")}
      chosen={at}
      onChoose={(place) => {
        go(PATHS[place]);
      }}
      items={[
        { id: "route", label: words("app.route"), icon: "list", href: hrefOf("route") },
        { id: "map", label: words("app.map"), icon: "map", href: hrefOf("map") },
        {
          id: "queue",
          label: words("app.queue"),
          icon: "inbox",
          href: hrefOf("queue"),
          badge: badge === 0 ? undefined : badge,
          badgeLabel: status !== null && status.needsYou > 0 ? words("app.needs_badge", { n: badge }) : words("app.queue_badge", { n: badge }),
        },
        { id: "more", label: words("app.more"), icon: "menu", href: hrefOf("more") },
      ]}
    />
  );
}

function hrefOf(place: Place): string {
  return import.meta.env.BASE_URL.replace(/\/$/, "") + PATHS[place];
}
