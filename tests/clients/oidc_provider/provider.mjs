// oidc-provider as it is, with one client: Muster. Arguments: port, redirect URI, logout URI.
import Provider from 'oidc-provider';

const [port, redirectUri, logoutUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: 'muster',
    client_secret: 'a secret: with signs/of its own',
    redirect_uris: [redirectUri],
    backchannel_logout_uri: logoutUri,
    backchannel_logout_session_required: true,
  }],
  claims: { openid: ['sub'], profile: ['preferred_username'], email: ['email'] },
  features: { backchannelLogout: { enabled: true } },
  // Here Muster is on loopback, where a provider rightly sends nothing of its own accord.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  pkce: { required: () => true },
  cookies: { keys: ['a key for the cookies of this test'] },
  // Who types "wu" has the police number A1: subject and number are different things.
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: { wu: 'A1' }[id] ?? id }),
  }),
  async loadExistingGrant(ctx) {
    const { provider: { Grant }, session, client, params } = ctx.oidc;
    const grant = new Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(params.scope);
    await grant.save();
    return grant;
  },
});
provider.on('backchannel.success', () => console.log('told'));
provider.on('backchannel.error', (_, error) => console.log(`not told: ${error.message}`));
provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
