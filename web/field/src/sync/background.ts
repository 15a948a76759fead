import { openFieldDatabase, type FieldDatabase } from "../store/database.ts";
import { readFact } from "../store/facts.ts";
import { Newsroom } from "../store/news.ts";
import { deviceId, openPhone, readPhone } from "../store/phone.ts";
import { Drainer } from "./drainer.ts";
import { connect } from "./server.ts";

/** One run without a page, for the service worker: the browser wakes it when there is network. It may be stopped at any moment. @throws where the office was not reached */
export async function drainInBackground(): Promise<void> {
  const phone = await openPhone();
  try {
    const user = await readPhone(phone, "user");
    if (user === null) return;
    const database = await openFieldDatabase(user.id);
    const news = new Newsroom(user.id);
    try {
      if (await isOver(database)) return;
      const drainer = new Drainer({ userId: user.id, client: connect(), database, news, device: { id: await deviceId(phone), name: "" }, appVersion: "" });
      await drainer.run();
      drainer.stop();
      const trouble = await readFact(database, "trouble");
      // The browser comes again where its event fails.
      if (trouble !== null && !(await isOver(database))) throw new Error(`Not everything was sent: ${trouble}.`);
    } finally {
      news.close();
      database.close();
    }
  } finally {
    phone.close();
  }
}

/** Until somebody signs in again no try can succeed. */
async function isOver(database: FieldDatabase): Promise<boolean> {
  const trouble = await readFact(database, "trouble");
  return trouble === "signed_out" || trouble === "revoked" || trouble === "disabled";
}
