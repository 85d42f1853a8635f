// node relay.mjs URL
//
// Walks the connections of the server at URL from the first page to the last by cursor, as a Relay client does,
// fetches nodes again by their id, and checks that an impossible page is refused in words fit for the public.
// Needs nothing but Node.js.

const CONNECTIONS = ['datasets', 'institutions'];
const PAGE = 3;
const MAX_PAGE = 100;
const MAX_PAGES = 20_000;
const TIMEOUT_MS = 15_000;
// Text that only the inside of the server should ever see.
const INTERNAL = /panick|backtrace|diesel|rusqlite|sqlite|postgres|\bsql\b|tantivy|juniper|\.rs\b|src\/|\bat line \d+ column \d+|called `/i;

const url = process.argv[2];
if (!url) {
  console.error('usage: node relay.mjs URL');
  process.exit(2);
}

let passed = 0;
let failed = 0;

for (const field of CONNECTIONS) {
  try {
    const edges = await checkWalk(field);
    await checkRefetch(field, edges);
    await checkRefusals(field);
  } catch (error) {
    check(field, 'answers', false, error.cause?.message ?? error.message);
  }
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function checkWalk(field) {
  const edges = [];
  const faults = new Set();
  let after = null;
  for (let number = 1; ; number += 1) {
    const answer = await page(field, { first: PAGE, after });
    const connection = answer.data?.connection;
    if (answer.errors || !connection) throw new Error(`page ${number} is refused: ${brief(answer)}`);
    const { edges: found, pageInfo } = connection;
    if (found.length > PAGE) faults.add(`page ${number} has ${found.length} edges`);
    if (pageInfo.startCursor !== (found[0]?.cursor ?? null)) faults.add(`page ${number}: startCursor is not the first edge's`);
    if (pageInfo.endCursor !== (found.at(-1)?.cursor ?? null)) faults.add(`page ${number}: endCursor is not the last edge's`);
    if (pageInfo.hasNextPage && found.length < PAGE) faults.add(`page ${number} is short and yet not the last`);
    edges.push(...found);
    if (!pageInfo.hasNextPage) break;
    if (found.length === 0 || number >= MAX_PAGES) throw new Error(`does not come to an end, page ${number}`);
    after = pageInfo.endCursor;
  }

  check(field, `pages of ${PAGE} are well formed`, faults.size === 0, [...faults].slice(0, 5).join('; '));
  check(field, `has more than one page (${edges.length} in all)`, edges.length > PAGE);
  const ids = edges.map((edge) => edge.node.id);
  check(field, 'ids are unique', new Set(ids).size === ids.length, repeated(ids));
  const cursors = edges.map((edge) => edge.cursor);
  check(field, 'cursors are unique', new Set(cursors).size === cursors.length, repeated(cursors));

  if (edges.length > PAGE) {
    const again = await page(field, { first: 2, after: cursors[1] });
    const got = again.data?.connection?.edges.map((edge) => edge.node.id) ?? [];
    check(field, 'a cursor leads to the same place again', got.join() === ids.slice(2, 4).join(), brief(again));
  }
  return edges;
}

async function checkRefetch(field, edges) {
  for (const edge of [edges[0], edges.at(-1)]) {
    if (!edge) continue;
    const { id, __typename } = edge.node;
    const answer = await ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id });
    const node = answer.data?.node;
    check(field, `node(id: "${id}") is the same ${__typename}`, node?.id === id && node?.__typename === __typename, brief(answer));
  }
}

async function checkRefusals(field) {
  const impossible = [{ first: -1 }, { first: MAX_PAGE + 1 }, { first: 2, after: 'not-a-cursor' }];
  for (const variables of impossible) {
    const answer = await page(field, variables);
    const messages = (answer.errors ?? []).map((error) => error.message);
    const what = JSON.stringify(variables);
    check(field, `${what} is refused`, messages.length > 0 && messages.every(Boolean) && !answer.data?.connection, brief(answer));
    check(field, `${what} is refused without internal text`, !INTERNAL.test(JSON.stringify(answer.errors ?? [])), brief(answer));
  }
}

function page(field, variables) {
  return ask(
    `query ($first: Int, $after: String) {
      connection: ${field}(first: $first, after: $after) {
        edges { cursor node { __typename id } }
        pageInfo { hasNextPage startCursor endCursor }
      }
    }`,
    variables,
  );
}

async function ask(query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`HTTP ${response.status} is not JSON: ${text.slice(0, 120)}`);
  }
}

function check(field, what, good, detail = '') {
  if (good) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`FAILED   ${field}: ${what}${detail ? `: ${detail}` : ''}`);
  }
}

function repeated(values) {
  const seen = new Set();
  const twice = values.filter((value) => seen.size === seen.add(value).size);
  return `repeated: ${twice.slice(0, 3).join(', ')}`;
}

function brief(answer) {
  return JSON.stringify(answer).slice(0, 240);
}
