import { useCallback, useSyncExternalStore } from "react";

import { language, onLanguage, t, type Key, type ParamsOf, type Say } from "./index.ts";

export type Words = Say;

/** `t`, anew whenever the language changes, so that what was drawn in the old one is drawn again. */
export function useWords(): Words {
  const now = useSyncExternalStore(onLanguage, language);
  return useCallback(
    <Wanted extends Key>(key: Wanted, ...params: ParamsOf<Wanted>) => t(key, ...params),
    // The language is what the texts depend on, though no name of it stands in the function.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [now],
  );
}
