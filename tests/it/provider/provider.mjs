// An OpenID provider for the tests: the certified implementation of npm, on a free port of this machine.
//
//     MODULES=folder-with-node_modules node provider.mjs http://catalogue.test
//
// The argument is the address of the catalogue that people are sent back to. The first line printed is `issuer http://…`;
// the provider ends when its standard input does, so that it never outlives the test that started it.
//
// What the tests ask of it beside the protocol:
//
//     POST /test/rotate             a new RSA key becomes the first of the published ones; the older ones stay
//     POST /test/down, /test/up     answer everything with 503; answer again
//     POST /test/person             {"name", "claims"}: what is said of a person from now on
//     POST /test/sign               {"header", "claims"}: a JWT, signed with the present RSA key, whatever stands in it; null takes a member out
//     GET  /test/public             the present RSA key in every form that somebody could take for a shared secret, in base64

import { createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const library = createRequire(join(process.env.MODULES ?? '.', 'any.cjs')).resolve('oidc-provider');
const { Provider } = await import(pathToFileURL(library));

const catalogue = process.argv[2];
const ours = 'urn:test:catalogue';

/** What is said of people, by the name with which they sign in here. */
const people = new Map(Object.entries({
  amina: { name: 'Amina Editor', email: 'amina@office.test', email_verified: true, roles: ['institution_editor'], institution: 'unit-7' },
  karim: { name: 'Karim Reader', email: 'karim@office.test', email_verified: true, roles: [] },
  astray: { name: 'Editor of nowhere', email: 'astray@office.test', email_verified: true, roles: ['institution_editor'], institution: 'unit-0' },
  claimant: { name: 'Claimant', email: 'local@office.test', email_verified: false, roles: [] },
  namesake: { name: 'Namesake', email: 'local@office.test', email_verified: true, roles: [] },
}));

/** Keys in the order in which they are published; signing takes the first that fits. */
const keys = [rsaKey(), ellipticKey()];
let isDown = false;
let answerProtocol;

function published(privateKey, alg) {
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg, kid: randomUUID() };
}

function rsaKey() {
  return published(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'RS256');
}

function ellipticKey() {
  return published(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'ES256');
}

/** For services that ask with a secret of their own and without a person. */
function service(name) {
  return {
    client_id: name,
    client_secret: `${name}-secret-of-the-tests`,
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  };
}

function settings() {
  return {
    jwks: { keys },
    cookies: { keys: ['cookies of the tests'] },
    pkce: { required: () => true },
    clients: [
      {
        client_id: 'catalogue-web',
        client_secret: 'catalogue-web-secret-of-the-tests',
        redirect_uris: [`${catalogue}/auth/callback`],
        post_logout_redirect_uris: [`${catalogue}/signed-out`],
      },
      service('harvester'),
      service('other-app'),
    ],
    scopes: ['openid', 'email', 'profile', 'catalogue'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], catalogue: ['roles', 'institution'] },
    findAccount: (_context, name) => people.has(name) && { accountId: name, claims: () => ({ sub: name, ...people.get(name) }) },
    ttl: { AccessToken: 600, AuthorizationCode: 60, ClientCredentials: 300, Grant: 3600, IdToken: 300, Interaction: 600, Session: 3600 },
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // People's access tokens are for the userinfo endpoint, those of services for the catalogue unless they ask for another.
        defaultResource: (context) => (context.oidc.params.grant_type === 'client_credentials' ? ours : undefined),
        getResourceServerInfo: (_context, resource) => ({
          scope: 'harvest',
          audience: resource === ours ? 'catalogue' : 'elsewhere',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

/** The keys of a provider are fixed when it is made, so another takes its place; what is stored is shared between them. */
function open(issuer) {
  answerProtocol = new Provider(issuer, settings()).callback();
}

function signed({ header, claims }) {
  const [key] = keys;
  const part = (members) => Buffer.from(JSON.stringify(members, (_name, value) => value ?? undefined)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'at+jwt', kid: key.kid, ...header })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key, format: 'jwk' }).toString('base64url')}`;
}

function publicForms() {
  const [{ kty, n, e, kid, alg, use }] = keys;
  const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  const forms = [
    key.export({ type: 'spki', format: 'pem' }),
    key.export({ type: 'spki', format: 'pem' }).trim(),
    key.export({ type: 'pkcs1', format: 'pem' }),
    key.export({ type: 'spki', format: 'der' }),
    JSON.stringify({ kty, n, e }),
    JSON.stringify({ kty, n, e, kid, alg, use }),
    n,
    Buffer.from(n, 'base64url'),
  ];
  return { kid, forms: forms.map((form) => Buffer.from(form).toString('base64')) };
}

async function body(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text ? JSON.parse(text) : {};
}

const forTests = {
  'POST /test/rotate': (_given, issuer) => { keys.unshift(rsaKey()); open(issuer); return { kid: keys[0].kid }; },
  'POST /test/down': () => { isDown = true; return {}; },
  'POST /test/up': () => { isDown = false; return {}; },
  'POST /test/person': ({ name, claims }) => { people.set(name, claims); return {}; },
  'POST /test/sign': (given) => ({ token: signed(given) }),
  'GET /test/public': publicForms,
};

const server = createServer(async (request, response) => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const url = new URL(request.url, issuer);
  const job = forTests[`${request.method} ${url.pathname}`];
  if (job) {
    const answer = job(await body(request), issuer);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  } else if (isDown) {
    response.writeHead(503).end();
  } else {
    answerProtocol(request, response);
  }
});

server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  open(issuer);
  console.log(`issuer ${issuer}`);
});
process.stdin.on('close', () => process.exit(0)).resume();
