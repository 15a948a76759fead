// Uploads one file with tus-js-client: node tus-upload.cjs WEB_PACKAGE ENDPOINT TOKEN FILE METADATA CHUNK
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');

const [web, endpoint, token, file, metadata, chunk] = process.argv.slice(2);
const tus = createRequire(web)('tus-js-client');
let requests = 0;

const upload = new tus.Upload(readFileSync(file), {
  endpoint,
  headers: { Authorization: `Bearer ${token}` },
  metadata: JSON.parse(metadata),
  chunkSize: chunk === '0' ? Infinity : Number(chunk),
  retryDelays: [0, 50, 100, 200, 400, 800],
  onBeforeRequest: () => {
    requests += 1;
  },
  onError: (error) => {
    process.stderr.write(`${error}\n`);
    process.exitCode = 1;
  },
  onSuccess: () => {
    process.stdout.write(`${JSON.stringify({ url: upload.url, requests })}\n`);
  },
});
upload.start();
