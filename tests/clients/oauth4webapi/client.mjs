// An unmodified oauth4webapi on Node, as an app on a terminal. Reads commands as JSON lines, answers
// each with one JSON line. The browser is ours: it follows redirects by hand and fills in the form.
import { createInterface } from 'node:readline';
import * as oauth from 'oauth4webapi';

const [base, clientId, redirectUri] = process.argv.slice(2);
const client = { client_id: clientId };
const loopback = { [oauth.allowInsecureRequests]: true };
const generated = { extractable: true };
const key = await oauth.generateKeyPair('ES256', generated);
const DPoP = oauth.DPoP(client, key);
const serverKey = await oauth.generateKeyPair('ES256', generated);
let as, last;

const jwkOf = (pair) => crypto.subtle.exportKey('jwk', pair.publicKey).then(({ kty, crv, x, y }) => ({ kty, crv, x, y }));

// RFC 9449 §8: the first answer brings the nonce, the same request is made once more.
async function withNonce(request) {
  try {
    return await request();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return request();
  }
}

async function push(verifier, scope) {
  const parameters = {
    response_type: 'code', redirect_uri: redirectUri, scope, state: oauth.generateRandomState(),
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  };
  const { request_uri } = await withNonce(async () =>
    oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(
      as, client, oauth.None(), parameters, { DPoP, ...loopback })));
  return { request_uri, state: parameters.state };
}

async function browse(requestUri, number, pin) {
  const address = new URL(as.authorization_endpoint);
  address.search = new URLSearchParams({ client_id: clientId, request_uri: requestUri });
  const first = await fetch(address, { redirect: 'manual' });
  const page = await fetch(new URL(first.headers.get('location'), base));
  const shown = await page.text();
  const action = shown.match(/<form method="post" action="([^"]+)"/)[1];
  const csrf_token = shown.match(/name="csrf_token" value="([^"]+)"/)[1];
  const cookie = page.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
  const body = new URLSearchParams({ username: number, pin, csrf_token });
  const sent = { method: 'POST', body, headers: { cookie }, redirect: 'manual' };
  const done = await fetch(new URL(action, base), sent);
  return new URL(done.headers.get('location'));
}

async function exchange(parameters, verifier) {
  return withNonce(async () =>
    oauth.processAuthorizationCodeResponse(as, client, await oauth.authorizationCodeGrantRequest(
      as, client, oauth.None(), parameters, redirectUri, verifier, { DPoP, ...loopback })));
}

async function authorize(number, pin, scope) {
  const verifier = oauth.generateRandomCodeVerifier();
  const { request_uri, state } = await push(verifier, scope);
  const back = await browse(request_uri, number, pin);
  return { parameters: oauth.validateAuthResponse(as, client, back, state), verifier };
}

const me = (token, options) =>
  oauth.protectedResourceRequest(token, 'GET', new URL('/mobile/v1/me', base), undefined, null, { ...options, ...loopback });

async function refusal(request) {
  try {
    await request();
  } catch (error) {
    const [challenge] = error.cause instanceof Array ? error.cause : [];
    return error.error ?? challenge?.parameters?.error ?? String(error);
  }
  return 'accepted';
}

const commands = {
  keys: async () => ({ terminal: await jwkOf(key), server: await jwkOf(serverKey) }),
  async discover() {
    const answer = await oauth.discoveryRequest(new URL(base), { algorithm: 'oauth2', ...loopback });
    as = await oauth.processDiscoveryResponse(new URL(base), answer);
    return as;
  },
  async sign_in({ number, pin, scope }) {
    const { parameters, verifier } = await authorize(number, pin, scope);
    const { access_token, refresh_token, ...told } = await exchange(parameters, verifier);
    last = { access_token, refresh_token, parameters, verifier };
    return told;
  },
  me: async () => (await me(last.access_token, { DPoP })).json(),
  async refresh() {
    const told = await withNonce(async () =>
      oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(
        as, client, oauth.None(), last.refresh_token, { DPoP, ...loopback })));
    last = { ...last, ...told };
    return told.token_type;
  },
  async introspect({ server, token }) {
    const known = { client_id: server };
    return oauth.processIntrospectionResponse(as, known, await oauth.introspectionRequest(
      as, known, oauth.PrivateKeyJwt(serverKey.privateKey), token ?? last.access_token, loopback));
  },
  async revoke() {
    await oauth.processRevocationResponse(await oauth.revocationRequest(
      as, client, oauth.None(), last.refresh_token, loopback));
    return refusal(() => me(last.access_token, { DPoP }));
  },
  async stolen() {
    const other = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    return refusal(() => me(last.access_token, { DPoP: other }));
  },
  bearer: () => refusal(() => me(last.access_token, {})),
  // A proof caught on its way is sent again as it was.
  async replay() {
    let caught;
    const spy = (url, options) => { caught = options; return fetch(url, options); };
    await me(last.access_token, { DPoP, [oauth.customFetch]: spy });
    const again = await fetch(new URL('/mobile/v1/me', base), caught);
    return again.headers.get('www-authenticate').match(/error="([^"]+)"/)[1];
  },
  async wrong_verifier({ number, pin }) {
    const { parameters } = await authorize(number, pin, 'records');
    return refusal(() => exchange(parameters, oauth.generateRandomCodeVerifier()));
  },
  reused_code: () => refusal(() => exchange(last.parameters, last.verifier)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...parts } = JSON.parse(line);
  let answer;
  try {
    answer = { value: await commands[act](parts) ?? null };
  } catch (error) {
    answer = { error: `${error.stack} ${JSON.stringify(error.cause ?? null)}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
