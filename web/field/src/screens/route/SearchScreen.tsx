import { useDeferredValue, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Button, EmptyState, IconButton, TextField, TopBar } from "@metersync/parts";
import { useLocation } from "wouter";

import { markWhenShown } from "../../app/marks.ts";
import { Sync } from "../../app/Shell.tsx";
import { useRoute, useWork } from "../../app/work.ts";
import { StopIndex } from "../../route/search.ts";
import { useWords } from "../../words/useWords.ts";
import { Rows } from "./StopList.tsx";

/** Finds any meter this phone knows, as it is typed. */
export default function SearchScreen(): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { book } = useWork();
  const view = useRoute();
  const [asked, setAsked] = useState(() => new URLSearchParams(location.search).get("q") ?? "");
  const [body, setBody] = useState<HTMLElement | null>(null);
  const field = useRef<HTMLInputElement>(null);
  // The index is made of the whole round: not anew for every change of it while somebody types.
  const settled = useDeferredValue(view);
  const index = useMemo(() => (settled.loaded ? new StopIndex(book.all()) : null), [settled, book]);
  const isEmpty = asked.trim() === "";
  const found = useMemo(() => (isEmpty ? (index?.all ?? []) : (index?.find(asked) ?? [])), [index, asked, isEmpty]);
  useEffect(() => {
    field.current?.focus();
  }, []);
  useEffect(() => {
    if (asked !== "") markWhenShown("search-shown");
  }, [asked]);

  return (
    <div className="ms-screen">
      <Sync />
      <TopBar
        title={words("route.search_title")}
        second={isEmpty ? undefined : words("route.search_found", { n: found.length })}
        onBack={() => { go("/"); }}
        backLabel={words("common.back")}
        actions={<IconButton icon="scan" label={words("route.scan")} onPress={() => { go("/scan"); }} />}
      />
      <div className="ms-pad field-search" role="search">
        <TextField label={words("route.search_label")} value={asked} onChange={(text) => { performance.mark("ms:search-begin"); setAsked(text); }} type="search" inputMode="search" autoComplete="off" inputRef={field} />
      </div>
      <main className="ms-screen-body" ref={setBody}>
        {found.length > 0 ? <Rows stops={found} scroller={body} reused /> : isEmpty ? <p className="ms-pad ms-body ms-quiet">{words("route.search_hint")}</p> : (
          <EmptyState
            icon="search"
            title={words("route.search_none", { asked: asked.trim() })}
            text={words("route.search_hint")}
            actions={<Button kind="tonal" icon="plus" onPress={() => { go(`/found?serial=${encodeURIComponent(asked.trim())}`); }}>{words("route.add_meter")}</Button>}
          />
        )}
      </main>
    </div>
  );
}
