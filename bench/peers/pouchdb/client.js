'use strict';
// Two phones and a server: the first pushes its documents, the second pulls them, and the first syncs with nothing to do.
// Usage: node client.js SERVER DOCUMENTS(.ndjson) FOLDER NAME  -> one line of JSON with milliseconds
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const PouchDB = require('pouchdb');

const batch = { batch_size: 100 };
const noOps = 10;
const [server, documents, folder, name] = process.argv.slice(2);
// node-fetch closes the connection after each request unless it is given an agent.
const agent = new http.Agent({ keepAlive: true });
const remote = () => new PouchDB(`${server}/${name}`, { fetch: (url, options) => PouchDB.fetch(url, { ...options, agent }) });
const local = (phone) => new PouchDB(path.join(folder, `${name}-${phone}`), { adapter: 'leveldb' });
const since = (start) => Number(process.hrtime.bigint() - start) / 1e6;

async function main() {
  fs.mkdirSync(folder, { recursive: true });
  const docs = fs.readFileSync(documents, 'utf8').trim().split('\n').map((line) => {
    const { client_id: id, ...rest } = JSON.parse(line);
    return { _id: id, ...rest };
  });
  const first = local('first');
  for (let from = 0; from < docs.length; from += 1000) await first.bulkDocs(docs.slice(from, from + 1000));

  let start = process.hrtime.bigint();
  const pushed = await first.replicate.to(remote(), batch);
  const push = since(start);

  const second = local('second');
  start = process.hrtime.bigint();
  const pulled = await second.replicate.from(remote(), batch);
  const pull = since(start);

  const quiet = [];
  for (let time = 0; time < noOps; time++) {
    start = process.hrtime.bigint();
    await first.sync(remote(), batch);
    quiet.push(since(start));
  }
  quiet.sort((a, b) => a - b);
  if (pushed.docs_written !== docs.length || pulled.docs_written !== docs.length || (await second.info()).doc_count !== docs.length)
    throw new Error(`${pushed.docs_written} pushed and ${pulled.docs_written} pulled of ${docs.length}`);
  await Promise.all([first.close(), second.close()]);
  agent.destroy();
  console.log(JSON.stringify({ documents: docs.length, push_ms: push, pull_ms: pull, no_op_ms: quiet[noOps / 2] }));
}

main().catch((failure) => {
  console.error(failure);
  process.exitCode = 1;
});
