// node audit.mjs URL
//
// Asks the server at URL every question of the GraphQL-over-HTTP audit suite (npm graphql-http). Whatever the
// specification says a server MUST or SHOULD do has to be done; what it MAY do is reported and counts for neither.
import { serverAudits } from 'graphql-http';

const TIMEOUT_MS = 15_000;

const url = process.argv[2];
if (!url) {
  console.error('usage: node audit.mjs URL');
  process.exit(2);
}

const audits = serverAudits({
  url,
  fetchFn: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
});

let passed = 0;
let failed = 0;
let optional = 0;

for (const audit of audits) {
  const problem = await problemOf(audit);
  if (problem === null) {
    passed += 1;
  } else if (/^(MUST|SHOULD)\b/.test(audit.name) || problem.status !== 'notice') {
    failed += 1;
    console.log(`FAILED   ${audit.id} ${audit.name}: ${problem.reason}`);
  } else {
    optional += 1;
    console.log(`optional ${audit.id} ${audit.name}: ${problem.reason}`);
  }
}

if (audits.length === 0) {
  failed += 1;
  console.log('FAILED   the audit suite is empty');
}
if (optional > 0) console.log(`${optional} optional, not offered by this server`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** What is wrong, or null. A connection that breaks is an error like any other: the remaining audits still run. */
async function problemOf(audit) {
  try {
    const result = await audit.fn();
    if (result.status === 'ok') return null;
    const answer = result.response;
    const seen = answer ? ` (HTTP ${answer.status}, ${answer.headers.get('content-type') ?? 'no content type'})` : '';
    return { status: result.status, reason: `${result.reason}${seen}` };
  } catch (error) {
    return { status: 'error', reason: `no usable answer: ${error.cause?.message ?? error.message}` };
  }
}
