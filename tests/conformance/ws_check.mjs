// RIHLA_TOKEN=TOKEN node ws_check.mjs URL IMPORT...
//
// Judges GraphQL over WebSockets (protocol graphql-transport-ws): the handshake, the codes with which sockets are
// closed, single answers, and the events of a subscription. URL is the HTTP address; IMPORT is the command that imports
// the file whose path is added to it, such as `rihla import --data-dir DIR`; TOKEN is an API token of anybody who is
// no coordinator.
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
const token = process.env.RIHLA_TOKEN;
if (!address || importer.length === 0 || !token) {
  console.error('usage: RIHLA_TOKEN=TOKEN node ws_check.mjs URL IMPORT...');
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
    const listener = listen();
    await pause(1_000); // The subscription has to be open before anything happens.
    const [slug] = importSome(1);
    const change = await listener.next();
    equal([change.kind, change.dataset?.slug, change.seq > 0], ['CREATED', slug, true]);
    await listener.stop();
  },
  'who was cut off reads on from the last number, and misses nothing': async () => {
    const before = await lastSeq();
    const slugs = importSome(5);
    const told = [];
    for (const count of [2, 1, 2]) {
      const listener = listen({ since: told.at(-1)?.seq ?? before });
      for (let n = 0; n < count; n += 1) told.push(await listener.next());
      await listener.stop();
    }
    equal(told.map((change) => change.dataset?.slug), slugs);
  },
  'what only members may know of is told to them, and to no visitor': async () => {
    const since = await lastSeq();
    const [hidden] = importSome(1, { visibility: 'MEMBERS' });
    importSome(1, { visibility: 'COORDINATOR' });
    const [open] = importSome(1);
    const [visitor, member] = [listen({ since }), listen({ since, authorization: `Bearer ${token}` })];
    equal((await visitor.next()).dataset.slug, open);
    equal([(await member.next()).dataset.slug, (await member.next()).dataset.slug], [hidden, open]);
    await Promise.all([visitor.stop(), member.stop()]);
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
/** Listens to changes after `since`, or from now on, as whoever the token belongs to. */
function listen({ since, authorization } = {}) {
  const connectionParams = authorization ? { authorization } : undefined;
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams });
  const query = 'subscription ($since: Int) { changes(since: $since) { seq kind dataset { slug } } }';
  const events = client.iterate({ query, variables: { since } });
  const next = async () => {
    const { value } = await within(events.next());
    if (!value?.data) throw new Error(`no event: ${JSON.stringify(value)}`);
    return value.data.changes;
  };
  return { next, stop: () => client.dispose() };
}
async function lastSeq() {
  const { messages } = await talk([init, subscribe('l', '{ catalogue { lastChangeSeq } }')], 2);
  return messages[1].payload.data.catalogue.lastChangeSeq;
}
/** Imports so many records, `shape` being what is special about them; returns their short names. */
function importSome(count, shape = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rihla-ws-'));
  const slugs = Array.from({ length: count }, (_, n) => `ws-check-${Date.now()}-${n}`);
  const told = { status: 'PUBLISHED', visibility: 'PUBLIC', riskClass: 'LOW', certainty: 'DOCUMENTED', ...shape };
  const rest = { recordKind: 'STATISTICAL_OPERATION', methodology: { sourceType: 'CENSUS' }, coverage: { reportingAreas: ['MA'] } };
  const line = (slug) => {
    const titles = { en: { text: `Title of ${slug}`, status: 'OFFICIAL' } };
    return `${JSON.stringify({ type: 'dataset', slug, titles, ...told, ...rest })}\n`;
  };
  writeFileSync(join(folder, 'some.jsonl'), slugs.map(line).join(''));
  execFileSync(importer[0], [...importer.slice(1), join(folder, 'some.jsonl')], { stdio: 'pipe' });
  rmSync(folder, { recursive: true });
  return slugs;
}
