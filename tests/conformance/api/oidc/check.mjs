// The code flow of OpenID Connect against a real provider, as it should be and spoiled.
//
//   node check.mjs SIGN_IN_BY_OIDC
import crypto from "node:crypto";
import { CLIENT, SECRET, agree, makeKey, startProvider } from "./provider.mjs";
import { Site } from "./site.mjs";

const REDIRECT = "http://127.0.0.1:9/api/v1/sign-in/oidc";
let passed = 0, failed = 0;
function check(name, right, shown) {
  right ? ++passed : ++failed;
  console.log(`${right ? "✓" : "✗"} ${name}${right ? "" : `: ${JSON.stringify(shown)}`}`);
}
const refused = (answer, reason, detail = "") => answer.reason === reason && answer.detail.includes(detail);

const part = (json) => Buffer.from(JSON.stringify(json)).toString("base64url");
const read = (token, i) => JSON.parse(Buffer.from(token.split(".")[i], "base64url"));
// The provider's own token, said and signed anew.
function signed(jwk, header, claims) {
  const bytes = `${part(header)}.${part(claims)}`;
  const key = crypto.createPrivateKey({ key: jwk, format: "jwk" });
  const how = { EdDSA: [null, key], RS256: ["sha256", key], ES256: ["sha256", { key, dsaEncoding: "ieee-p1363" }],
    PS256: ["sha256", { key, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }] }[header.alg];
  return `${bytes}.${crypto.sign(how[0], Buffer.from(bytes), how[1]).toString("base64url")}`;
}
const hmac = (bytes, key) => `${bytes}.${crypto.createHmac("sha256", key).update(bytes).digest("base64url")}`;

async function through(site, login) {
  const step = await site.begin();
  if (!step.url) return step;
  return site.finish(step.ceremony, await agree(step.url, REDIRECT, login));
}

for (const kind of ["RS256", "PS256", "ES256", "EdDSA"]) {
  const provider = await startProvider(kind, REDIRECT);
  const site = new Site(process.argv[2], provider.issuer, CLIENT, SECRET, REDIRECT);
  const first = await through(site, "an@id.example");
  check(`${kind}: an account that nobody has is to be linked`, !!first.link && !first.person, first);
  const wrong = await site.link(first.link, "AAAA-BBBB");
  check(`${kind}: not with a wrong code`, refused(wrong, "identity.link_code_refused"), wrong);
  const linked = await site.link(first.link, await site.linkCode(7));
  check(`${kind}: with a link code it is`, linked.person === 7, linked);
  const second = await through(site, "an@id.example");
  check(`${kind}: from then on it signs in`, second.person === 7, second);
  const other = await through(site, "binh@id.example");
  check(`${kind}: another account does not`, !!other.link && !other.person, other);
  check(`${kind}: keys and discovery are asked once`, provider.state.asked.jwks === 1 && provider.state.asked.discovery === 1,
    provider.state.asked);
  site.stop();
  provider.stop();
}

const provider = await startProvider("RS256", REDIRECT);
const site = new Site(process.argv[2], provider.issuer, CLIENT, SECRET, REDIRECT);
const first = await through(site, "an@id.example");
await site.link(first.link, await site.linkCode(7));

{
  const step = await site.begin();
  const query = await agree(step.url, REDIRECT, "an@id.example");
  const other = await site.begin();
  const crossed = await site.finish(other.ceremony, query);
  check("an answer to another browser's question is refused", refused(crossed, "identity.oidc_refused", "state"), crossed);
  const right = await site.finish(step.ceremony, query);
  check("the right browser's is taken", right.person === 7, right);
  const again = await site.finish(step.ceremony, query);
  check("and only once", refused(again, "identity.ceremony_over"), again);
}
for (const [name, change, reason] of [
  ["a state that is not ours", (q) => q.set("state", "x"), "state"],
  ["no state", (q) => q.delete("state"), "state"],
  ["two states", (q) => q.append("state", q.get("state")), "state"],
  ["another issuer", (q) => q.set("iss", "https://evil.example"), "iss"],
  ["no issuer", (q) => q.delete("iss"), "iss"],
  ["the person said no", (q) => { q.delete("code"); q.set("error", "access_denied"); }, "access_denied"],
  ["no code", (q) => q.delete("code"), "code"],
]) {
  const step = await site.begin();
  const query = new URLSearchParams(await agree(step.url, REDIRECT, "an@id.example"));
  change(query);
  const answer = await site.finish(step.ceremony, query.toString());
  check(`refused: ${name}`, refused(answer, "identity.oidc_refused", reason), answer);
}
{
  const step = await site.begin();
  const query = new URLSearchParams(await agree(step.url, REDIRECT, "an@id.example"));
  query.set("code", "stolen");
  const answer = await site.finish(step.ceremony, query.toString());
  check("refused: a code that the provider did not give", refused(answer, "identity.oidc_unavailable", "400"), answer);
}
{
  // Somebody puts the code of their own sign-in into our browser: the verifier is another (RFC 7636).
  const theirs = await site.begin(), ours = await site.begin();
  const stolen = new URLSearchParams(await agree(theirs.url, REDIRECT, "evil@id.example"));
  const query = new URLSearchParams(await agree(ours.url, REDIRECT, "an@id.example"));
  query.set("code", stolen.get("code"));
  const answer = await site.finish(ours.ceremony, query.toString());
  check("refused: a code of another sign-in (PKCE)", refused(answer, "identity.oidc_unavailable", "400"), answer);
}

const stranger = { ...makeKey("RS256"), kid: "RS256-1" };
const own = provider.key;
const publicPem = crypto.createPublicKey({ key: own, format: "jwk" }).export({ type: "spki", format: "pem" });
const publicJwk = { kty: own.kty, n: own.n, e: own.e, kid: own.kid };
const now = () => Math.floor(Date.now() / 1000);
const claim = (name, value) => (token) => signed(own, read(token, 0), { ...read(token, 1), [name]: value });
const header = (change, key = own) => (token) => signed(key, { ...read(token, 0), ...change }, read(token, 1));
const spoiled = [
  ["nothing (the spoiling itself is sound)", (t) => signed(own, read(t, 0), read(t, 1)), null],
  ["alg none", (t) => `${part({ alg: "none" })}.${part(read(t, 1))}.`, "alg"],
  ["HS256 with the public key (PEM) as secret", (t) => hmac(`${part({ alg: "HS256", kid: own.kid })}.${part(read(t, 1))}`, publicPem), "alg"],
  ["HS256 with the public key (JWK) as secret", (t) => hmac(`${part({ alg: "HS256", kid: own.kid })}.${part(read(t, 1))}`, JSON.stringify(publicJwk)), "alg"],
  ["HS256 with the client's secret", (t) => hmac(`${part({ alg: "HS256" })}.${part(read(t, 1))}`, SECRET), "alg"],
  ["PS256 by a key that is for RS256", header({ alg: "PS256" }), "alg"],
  ["a stranger's key under our kid", header({}, stranger), "signature"],
  ["a stranger's key at a jku", header({ jku: "http://127.0.0.1:1/keys" }, stranger), "signature"],
  ["a stranger's key in the header", header({ jwk: { kty: "RSA", n: stranger.n, e: stranger.e } }, stranger), "signature"],
  ["a critical extension", header({ crit: ["b64"], b64: false }), "crit"],
  ["another issuer", claim("iss", "https://evil.example"), "iss"],
  ["another audience", claim("aud", "other"), "aud"],
  ["two audiences without azp", claim("aud", [CLIENT, "other"]), "azp"],
  ["another authorised party", claim("azp", "other"), "azp"],
  ["another nonce", claim("nonce", "x"), "nonce"],
  ["no nonce", claim("nonce", undefined), "nonce"],
  ["expired", claim("exp", now() - 120), "exp"],
  ["no end", claim("exp", undefined), "exp"],
  ["issued tomorrow", claim("iat", now() + 86400), "iat"],
  ["issued an hour ago", claim("iat", now() - 3600), "iat"],
  ["no subject", claim("sub", undefined), "sub"],
  ["claims altered", (t) => `${t.split(".")[0]}.${part({ ...read(t, 1), sub: "binh@id.example" })}.${t.split(".")[2]}`, "signature"],
  ["no signature", (t) => t.split(".").slice(0, 2).join(".") + ".", "signature"],
  ["no token", () => "", "form"],
];
for (const [name, spoil, reason] of spoiled) {
  provider.state.spoil = (what, json) => (what === "token" && json.id_token ? { ...json, id_token: spoil(json.id_token) } : json);
  const answer = await through(site, "an@id.example");
  if (reason === null) check(`token with ${name}`, answer.person === 7, answer);
  else check(`refused: token with ${name}`, refused(answer, "identity.oidc_token_refused", reason), answer);
}
{
  provider.state.spoil = (what, json) => (what === "token" && json.id_token ? { ...json, id_token: header({ kid: "new" })(json.id_token) } : json);
  const before = provider.state.asked.jwks;
  await site.later(61);
  for (let i = 0; i < 3; ++i) {
    const answer = await through(site, "an@id.example");
    check("refused: a key that is not published", refused(answer, "identity.oidc_token_refused", "kid"), answer);
  }
  check("an unknown key asks for the keys once a minute", provider.state.asked.jwks === before + 1, provider.state.asked);
  // The provider changes its key: published under a new name.
  await site.later(61);
  const rotated = { ...makeKey("RS256"), kid: "new" };
  provider.state.spoil = (what, json) => {
    if (what === "jwks") return { keys: [...json.keys, { kty: "RSA", n: rotated.n, e: rotated.e, kid: "new", use: "sig", alg: "RS256" }] };
    if (what === "token") return { ...json, id_token: header({ kid: "new" }, rotated)(json.id_token) };
    return json;
  };
  const answer = await through(site, "an@id.example");
  check("a new key of the provider is found", answer.person === 7, answer);
}
{
  await site.later(3601);
  provider.state.spoil = (what, json) => (what === "discovery" ? { ...json, issuer: "https://evil.example" } : json);
  const answer = await site.begin();
  check("discovery of another issuer is refused", refused(answer, "identity.oidc_unavailable", "issuer"), answer);
}
site.stop();
provider.stop();
{
  const gone = new Site(process.argv[2], provider.issuer, CLIENT, SECRET, REDIRECT);
  const answer = await gone.begin();
  check("a provider that is away is said to be", refused(answer, "identity.oidc_unavailable"), answer);
  gone.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
