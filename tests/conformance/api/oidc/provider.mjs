// A real OpenID Connect provider (oidc-provider), and in front of it a thief who can spoil what it
// says: `spoil` is asked with each answer of the token, keys and discovery endpoints.
import http from "node:http";
import crypto from "node:crypto";
import { Provider } from "oidc-provider";

export const CLIENT = "truc", SECRET = "a secret, with: odd & characters/+%";

export function makeKey(kind) {
  const made = { RS256: () => crypto.generateKeyPairSync("rsa", { modulusLength: 2048 }),
    ES256: () => crypto.generateKeyPairSync("ec", { namedCurve: "P-256" }),
    EdDSA: () => crypto.generateKeyPairSync("ed25519") }[kind === "PS256" ? "RS256" : kind]();
  const jwk = made.privateKey.export({ format: "jwk" });
  return { ...jwk, kid: `${kind}-1`, use: "sig", alg: kind };
}

export async function startProvider(kind, redirect) {
  const state = { spoil: null, asked: { jwks: 0, discovery: 0, token: 0 }, lastToken: null, authorization: null };
  let issuer, provider;
  const server = http.createServer((request, response) => {
    const path = new URL(request.url, issuer).pathname;
    const what = path === "/token" ? "token" : path === "/jwks" ? "jwks" :
      path.startsWith("/.well-known") ? "discovery" : null;
    if (!what) return provider.callback()(request, response);
    ++state.asked[what];
    if (what === "token") state.authorization = request.headers.authorization;
    const write = response.write.bind(response), end = response.end.bind(response);
    const parts = [];
    response.write = (part) => { parts.push(Buffer.from(part)); return true; };
    response.end = (part) => {
      if (part) parts.push(Buffer.from(part));
      let body = Buffer.concat(parts).toString();
      try {
        const json = JSON.parse(body);
        if (what === "token") state.lastToken = json.id_token;
        if (state.spoil) body = JSON.stringify(state.spoil(what, json) ?? json);
      } catch { /* not JSON: as it is */ }
      response.removeHeader("content-length");
      response.setHeader("content-length", Buffer.byteLength(body));
      write(body);
      return end();
    };
    provider.callback()(request, response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  issuer = `http://127.0.0.1:${server.address().port}`;
  const key = makeKey(kind);
  provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT, client_secret: SECRET, redirect_uris: [redirect], grant_types: ["authorization_code"],
      response_types: ["code"], id_token_signed_response_alg: kind, token_endpoint_auth_method: "client_secret_basic" }],
    jwks: { keys: [key] },
    enabledJWA: { idTokenSigningAlgValues: [kind] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ["test"] },
  });
  return { issuer, key, state, stop: () => server.close() };
}

// The person at the browser: signs in and agrees, without a browser. Gives the query of the redirect.
export async function agree(url, redirect, login) {
  const jar = new Map();
  let next = url, form = null;
  for (let step = 0; step < 20; ++step) {
    const answer = await fetch(next, { redirect: "manual", method: form ? "POST" : "GET", body: form ?? undefined,
      headers: { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join("; ") } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      value ? jar.set(name, value) : jar.delete(name);
    }
    form = null;
    const to = answer.headers.get("location");
    if (to) {
      next = new URL(to, next).href;
      if (next.startsWith(redirect)) return new URL(next).search.slice(1);
      continue;
    }
    const page = await answer.text();
    const action = /action="([^"]+)"/.exec(page);
    if (!action) throw new Error(`no form: ${answer.status} ${page.slice(0, 300)}`);
    const prompt = /name="prompt" value="(\w+)"/.exec(page)[1];
    form = new URLSearchParams(prompt === "login" ? { prompt, login, password: "x" } : { prompt });
    next = new URL(action[1], next).href;
  }
  throw new Error("too many steps");
}
