'use strict';
// A PouchDB-server as its README sets one up: express-pouchdb over LevelDB. Usage: node server.js PORT DATA
const path = require('node:path');
const express = require('express');
const PouchDB = require('pouchdb');

const [port, data] = process.argv.slice(2);
const app = express();
app.use('/', require('express-pouchdb')(PouchDB.defaults({ prefix: data + path.sep, adapter: 'leveldb' }), { mode: 'minimumForPouchDB', inMemoryConfig: true }));
app.listen(Number(port), '127.0.0.1', () => console.log(`PouchDB ${PouchDB.version} on ${port}`));
