import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { MeterSyncClient } from "@metersync/api";

import { askPersistence } from "../capture/storage.ts";
import { RouteBook, type RouteView } from "../route/book.ts";
import type { Stop } from "../route/stop.ts";
import { holdBallast } from "../store/ballast.ts";
import { openFieldDatabase, type FieldDatabase } from "../store/database.ts";
import { Newsroom, type News } from "../store/news.ts";
import { deviceId, type PhoneDatabase } from "../store/phone.ts";
import type { User } from "../store/records.ts";
import { Drainer } from "../sync/drainer.ts";
import { watchStatus, type SyncStatus } from "../sync/status.ts";
import { askBackgroundSync } from "../worker/register.ts";
import type { Preferences } from "./preferences.ts";
import type { FieldSettings } from "./settings.ts";

/** What a signed-in person works with. */
export type Work = {
  user: User;
  phone: PhoneDatabase;
  deviceId: string;
  database: FieldDatabase;
  news: Newsroom;
  book: RouteBook;
  drainer: Drainer;
  client: MeterSyncClient;
  preferences: Preferences;
  settings: FieldSettings;
  /** What the sync bar says; null until the outbox was counted. */
  status: { subscribe: (listener: () => void) => () => void; current: () => SyncStatus | null };
  close: () => void;
};

export type Phone = { phone: PhoneDatabase; client: MeterSyncClient; preferences: Preferences; settings: FieldSettings };

/**
 * Opens one person's store and begins to sync.
 * @param onGone a newer program took the store over: the page has to load again.
 * @throws DOMException when the store cannot be opened.
 */
export async function openWork(ground: Phone, user: User, onGone: () => void, onFailure: (error: unknown) => void): Promise<Work> {
  const { phone, client } = ground;
  const [database, device] = await Promise.all([openFieldDatabase(user.id, onGone), deviceId(phone)]);
  const news = new Newsroom(user.id);
  const book = new RouteBook(database, news, onFailure);
  const drainer = new Drainer({ userId: user.id, client, database, news, device: { id: device, name: deviceName() }, appVersion: ground.settings.version });
  let status: SyncStatus | null = null;
  const heard = new Set<() => void>();
  const leaveStatus = watchStatus(database, news, (now) => {
    status = now;
    for (const listener of heard) listener();
    if (now.waiting > 0) askBackgroundSync().catch(onFailure);
  }, onFailure);
  await book.load();
  drainer.start();
  // Neither keeps anybody waiting: without them the app works, and may lose its store to a browser that wants space.
  Promise.all([askPersistence(), holdBallast(database)]).catch(onFailure);
  return {
    ...ground,
    user,
    deviceId: device,
    database,
    news,
    book,
    drainer,
    status: {
      subscribe: (listener) => {
        heard.add(listener);
        return () => heard.delete(listener);
      },
      current: () => status,
    },
    close: () => {
      leaveStatus();
      drainer.stop();
      book.close();
      news.close();
      database.close();
    },
  };
}

/** What the office lists the phone as. */
function deviceName(): string {
  const { userAgent } = navigator;
  const model = /\(([^)]*)\)/.exec(userAgent)?.[1]?.split(";").map((part) => part.trim()).filter((part) => part !== "Linux" && part !== "U" && part !== "K" && part !== "wv");
  return model?.slice(0, 2).join(", ").slice(0, 100) ?? "";
}

export const WorkContext = createContext<Work | null>(null);

export function useWork(): Work {
  const work = useContext(WorkContext);
  if (work === null) throw new Error("Nobody is signed in here.");
  return work;
}

export function useRoute(): RouteView {
  const { book } = useWork();
  return useSyncExternalStore(book.subscribe, book.view);
}

export function useStop(meterId: string): Stop | null {
  const { book } = useWork();
  return useSyncExternalStore(book.subscribe, () => book.stop(meterId));
}

export function useStatus(): SyncStatus | null {
  const { status } = useWork();
  return useSyncExternalStore(status.subscribe, status.current);
}

/** What `ask` finds in the store: asked again whenever news that concern it come, at most four times a second. undefined: not yet. */
export function useStored<Value>(ask: (database: FieldDatabase) => Promise<Value>, concerns: (news: News) => boolean, key: string): Value | undefined {
  const { database, news } = useWork();
  const [found, setFound] = useState<{ key: string; value: Value }>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    let left = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      ask(database).then(
        (value) => {
          if (!left) setFound({ key, value });
        },
        (error: unknown) => {
          if (!left) setFailure(error);
        },
      );
    };
    look();
    const leave = news.listen((one) => {
      if (one.kind === "all" || concerns(one)) timer ??= setTimeout(look, 250);
    });
    return () => {
      left = true;
      clearTimeout(timer);
      leave();
    };
    // `ask` and `concerns` are new functions with every drawing; `key` says when they mean something else.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [database, news, key]);
  if (failure !== undefined) throw failure instanceof Error ? failure : new Error("The store could not be read.", { cause: failure });
  return found?.key === key ? found.value : undefined;
}
