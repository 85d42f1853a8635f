// node ws_check.mjs URL IMPORT...
//
// Judges GraphQL over WebSockets (protocol graphql-transport-ws): the handshake, the codes with which sockets are
// closed, single answers, and an event of a subscription. URL is the HTTP address; IMPORT is the command that imports
// the file whose path is added to it, such as `rihla import --data-dir DIR`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const PROTOCOL = 'graphql-transport-ws';
const TIMEOUT_MS = 15_000;
const [address, ...importer] = process.argv.slice(2);
if (!address || importer.length === 0) {
  console.error('usage: node ws_check.mjs URL IMPORT...');
  process.exit(2);
}
const url = address.replace(/^http/, 'ws');
const init = { type: 'connection_init' };
const subscribe = (id, query) => ({ id, type: 'subscribe', payload: { query } });
const never = 'subscription { changes { seq } }';

const checks = {
  'a handshake without the subprotocol is refused': async () => equal([await handshake([]), await handshake(['graphql-ws'])], [400, 400]),
  'a handshake from a foreign page is refused': async () => equal(await handshake([PROTOCOL], { origin: 'https://evil.example' }), 403),
  'no introduction: 4408': async () => equal((await talk([])).code, 4408),
  'two introductions: 4429': async () => equal((await talk([init, init])).code, 4429),
  'an operation before the introduction: 4401': async () => equal((await talk([subscribe('1', never)])).code, 4401),
  'an identifier in use: 4409': async () => equal((await talk([init, subscribe('a', never), subscribe('a', never)])).code, 4409),
  'what is not JSON: 4400': async () => equal((await talk([init, 'hello'])).code, 4400),
  'a message of an unknown type: 4400': async () => equal((await talk([init, { type: 'start' }])).code, 4400),
  'an operation without a query: 4400': async () => equal((await talk([init, { id: '1', type: 'subscribe', payload: {} }])).code, 4400),
  'a binary message: 4400': async () => equal((await talk([init, Buffer.from('{}')])).code, 4400),
  'a message that is too large: 1009': async () => equal((await talk([init, ' '.repeat(600_000)])).code, 1009),
  'a wrong token: 4403': async () => equal((await talk([{ ...init, payload: { authorization: 'Bearer wrong' } }])).code, 4403),
  'a ping is answered with its payload': async () => {
    const { messages } = await talk([init, { type: 'ping', payload: { n: 7 } }], 2);
    equal(messages, [{ type: 'connection_ack' }, { type: 'pong', payload: { n: 7 } }]);
  },
  'a query has one result and an end': async () => {
    const { messages } = await talk([init, subscribe('q', '{ catalogue { __typename } }')], 3);
    equal(messages.map((m) => m.type), ['connection_ack', 'next', 'complete']);
    equal(messages[1].payload.data, { catalogue: { __typename: 'Catalogue' } });
  },
  'a wrong document is an error without an end': async () => {
    const { messages } = await talk([init, subscribe('w', '{ nothing }'), { type: 'ping' }], 3);
    equal(messages.map((m) => m.type).sort(), ['connection_ack', 'error', 'pong']);
  },
  'a subscription asks for one thing': async () => {
    const { messages } = await talk([init, subscribe('t', 'subscription { __typename }')], 2);
    equal([messages[1].type, Array.isArray(messages[1].payload)], ['error', true]);
  },
  'a subscription reads on from a place, in order': async () => {
    const { messages } = await talk([init, subscribe('s', 'subscription { changes(since: 0) { seq } }')], 3);
    equal(messages[2].payload.data.changes.seq > messages[1].payload.data.changes.seq, true);
  },
  'what is imported is told': async () => {
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
    const events = client.iterate({ query: 'subscription { changes { seq kind } }' });
    const first = events.next();
    await pause(1_000); // The subscription has to be open before anything happens.
    importOne(`ws-check-${Date.now()}`);
    const { value } = await within(first);
    equal([value.data.changes.kind, value.data.changes.seq > 0], ['CREATED', true]);
    await client.dispose();
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  await check().catch((error) => {
    failed += 1;
    console.log(`FAILED   ${name}: ${error.message}`);
  });
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function equal(found, wanted) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${a} instead of ${b}`);
}
function within(promise) {
  return Promise.race([promise, pause(TIMEOUT_MS).then(() => Promise.reject(new Error(`nothing within ${TIMEOUT_MS} ms`)))]);
}
/** The status of a handshake that is refused; 101 for one that is not. */
function handshake(protocols, options) {
  const socket = new WebSocket(url, protocols, options);
  return within(new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode)).on('open', () => resolve(101)).on('error', () => {});
  })).finally(() => socket.terminate());
}
/** Says all of `words`, the first when the socket is open and the others after an answer; hears until it is closed, or has `enough`. */
function talk(words, enough = Infinity) {
  const socket = new WebSocket(url, [PROTOCOL]);
  const messages = [];
  const say = (word) => socket.send(typeof word === 'string' || Buffer.isBuffer(word) ? word : JSON.stringify(word));
  const rest = words.slice(1);
  return within(new Promise((resolve, reject) => {
    socket.on('error', reject).on('open', () => words.slice(0, 1).forEach(say)).on('close', (code) => resolve({ code, messages }));
    socket.on('message', (data) => {
      messages.push(JSON.parse(data));
      rest.splice(0).forEach(say);
      if (messages.length >= enough) resolve({ messages });
    });
  })).finally(() => socket.terminate());
}
function importOne(slug) {
  const folder = mkdtempSync(join(tmpdir(), 'rihla-ws-'));
  const titles = { en: { text: `Title of ${slug}`, status: 'OFFICIAL' } };
  const told = { status: 'PUBLISHED', visibility: 'PUBLIC', riskClass: 'LOW', certainty: 'DOCUMENTED' };
  const shape = { recordKind: 'STATISTICAL_OPERATION', methodology: { sourceType: 'CENSUS' }, coverage: { reportingAreas: ['MA'] } };
  writeFileSync(join(folder, 'one.jsonl'), `${JSON.stringify({ type: 'dataset', slug, titles, ...told, ...shape })}\n`);
  execFileSync(importer[0], [...importer.slice(1), join(folder, 'one.jsonl')], { stdio: 'pipe' });
  rmSync(folder, { recursive: true });
}
