import type { ReactNode } from "react";
import { Button, Card, Icon } from "@metersync/parts";
import { useLocation } from "wouter";

import { useWork } from "../../app/work.ts";
import { sayProblem, sendAgain, settle } from "../../sync/words-of-problem.ts";
import { useWords } from "../../words/useWords.ts";
import type { Need } from "./readQueue.ts";

/** What the office answered and only a person can settle: what happened, in words, and what can be done. */
export function NeedsYou({ needs }: { needs: readonly Need[] }): ReactNode {
  const words = useWords();
  return (
    <section aria-labelledby="queue-needs">
      <div className="ms-group-head"><h2 id="queue-needs">{words("queue.needs_you")}</h2><span>{needs.length}</span></div>
      <div className="ms-pad-card">
        <Card rows>
          {needs.map((need) => <NeedRow key={need.kind === "item" ? need.row.item.client_id : need.photo.id} need={need} />)}
        </Card>
      </div>
    </section>
  );
}

function NeedRow({ need }: { need: Need }): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { database, news, drainer } = useWork();
  const [id, title, problem] = need.kind === "item" ? [need.row.item.client_id, need.row.item.title, need.row.item.problem] : [need.photo.id, words("queue.photo_n", { title: need.photo.title }), need.photo.problem];
  const said = sayProblem(words, problem);
  const again = () => {
    sendAgain(database, news, id).then(() => drainer.demand(), reportError);
  };
  return (
    <div className="field-need">
      <span className="ms-tone-attention"><Icon name={need.kind === "photo" ? "photo" : need.row.item.outcome === "conflict" ? "swap" : "warning"} /></span>
      <div className="ms-grow ms-stack">
        <h3 className="ms-row-title">{title}</h3>
        <p className="ms-body ms-quiet">{said.title} {said.text}</p>
        <div className="ms-row ms-row-wrap">
          <div className="ms-grow"><Button kind="tonal" size="card" wide onPress={() => { settle(database, news, id).catch(reportError); }}>{words(need.kind === "photo" ? "queue.without" : "queue.seen")}</Button></div>
          {said.canSendAgain ? <div className="ms-grow"><Button kind="outlined" size="card" wide onPress={again}>{words("queue.send_again")}</Button></div> : null}
          {need.kind === "item" && need.row.visit !== null ? <div className="ms-grow"><Button kind="outlined" size="card" wide onPress={() => { go(`/visit/${id}`); }}>{words("queue.open")}</Button></div> : null}
        </div>
      </div>
    </div>
  );
}
