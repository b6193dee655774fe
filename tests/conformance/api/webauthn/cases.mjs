// Good and forged answers. A case: name, ceremony, what is expected, what the authenticator does; and
// where Trúc is stricter than SimpleWebAuthn on purpose, why.
import { Authenticator, b64, cbor } from "./authenticator.mjs";
import crypto from "node:crypto";

const flip = (at) => (bytes) => { const out = Buffer.from(bytes); out[at < 0 ? out.length + at : at] ^= 1; return out; };
const tail = Buffer.from([0]);

export function cases() {
  const out = [];
  const challenge = () => b64(crypto.randomBytes(32));
  const frame = () => ({ rpId: "truc.example.gov.vn", origins: ["https://truc.example.gov.vn"], challenge: challenge() });
  const device = Object.fromEntries(["ES256", "EdDSA", "RS256"].map((k) => [k, new Authenticator(k)]));
  const stranger = new Authenticator("ES256");

  function registration(name, good, o = {}, stricter = "", kind = "ES256") {
    const test = frame();
    const options = typeof o === "function" ? o(device[kind], test) : o;
    out.push({ name: `registration ${kind}: ${name}`, good, stricter, ceremony: "registration", ...test,
      answer: device[kind].registration(test, options) });
  }
  function assertion(name, good, o = {}, stricter = "", kind = "ES256", known = {}) {
    const test = frame();
    const d = device[kind];
    const options = typeof o === "function" ? o(d, test) : o;
    out.push({ name: `assertion ${kind}: ${name}`, good, stricter, ceremony: "assertion", ...test,
      known: { id: b64(d.id), algorithm: d.alg, key: d.raw().toString("hex"), cose: b64(d.cose()), counter: 7,
        backupEligible: false, ...known },
      answer: d.assertion(test, options) });
  }

  for (const kind of Object.keys(device)) {
    registration("plain", true, {}, "", kind);
    registration("packed, by its own key", true, { fmt: "packed" }, "", kind);
    registration("packed, signature altered", false, { fmt: "packed", breakSignature: true }, "", kind);
    assertion("plain", true, {}, "", kind);
    assertion("signature altered", false, { alterSignature: flip(-1) }, "", kind);
    assertion("signature of another key", false, { signer: stranger }, "", kind);
    assertion("authData altered after signing", false, { alterData: flip(36) }, "", kind);
    assertion("clientData altered after signing", false, { alterClient: (c) => Buffer.from(c.toString() + " ") }, "", kind);
    assertion("signature empty", false, { alterSignature: () => Buffer.alloc(0) }, "", kind);
  }
  registration("synced passkey", true, { flags: 0x5d });
  registration("with extension data", true, { flags: 0xc5, extensions: cbor(new Map([["credProtect", 2]])) });
  registration("counter already at 5", true, { counter: 5 });
  registration("packed, signature of another key", false, { fmt: "packed", signer: stranger });
  registration("packed, alg of another kind", false, { fmt: "packed", statementAlg: -257 },
    "WebAuthn §8.2: alg must be the key's; SimpleWebAuthn does not compare them");
  registration("none with a statement", false, { statement: new Map([["sig", Buffer.alloc(8)]]) });
  registration("unknown format", false, { fmt: "truc" });
  registration("wrong type", false, { type: "webauthn.get" });
  registration("wrong challenge", false, { data: { challenge: challenge() } });
  registration("no challenge", false, { data: { challenge: undefined } });
  registration("wrong origin", false, { data: { origin: "https://truc.example.gov.vn.evil.example" } });
  registration("origin with a port", false, { data: { origin: "https://truc.example.gov.vn:8443" } });
  registration("plain http origin", false, { data: { origin: "http://truc.example.gov.vn" } });
  registration("in a foreign frame", false, { data: { crossOrigin: true } },
    "sign-in is never framed; SimpleWebAuthn leaves crossOrigin to its caller");
  registration("wrong rpId", false, { rpId: "evil.example" });
  registration("user not present", false, { flags: 0x44 });
  registration("user not verified", false, { flags: 0x41 });
  registration("backed up but not eligible", false, { flags: 0x55 });
  registration("without a credential", false, { flags: 0x05, attested: false });
  registration("credential flag without a credential", false, { attested: false });
  registration("trailing bytes in authData", false, { trailing: tail });
  registration("trailing bytes after the object", false, { objectTrailing: tail },
    "bytes that nobody reads are not accepted; SimpleWebAuthn reads the first CBOR item only");
  registration("extension flag without extensions", false, { flags: 0xc5 });
  registration("extensions without the flag", false, { extensions: cbor(new Map([["credProtect", 2]])) });
  registration("id of another credential", false, { answerId: crypto.randomBytes(32) },
    "the id that is kept is the one in the signed data; SimpleWebAuthn does not compare them");
  registration("rawId is another", false, { rawId: b64(crypto.randomBytes(32)) });
  registration("another type of credential", false, { answerType: "password" });
  registration("id longer than the data", false, { idLength: 0x4000 });
  registration("key of an unknown algorithm", false, (d) => ({
    cose: cbor(new Map([[1, 2], [3, -65535], [-1, 1], [-2, d.part("x")], [-3, d.part("y")]])) }));
  registration("key type not of its algorithm", false, (d) => ({
    fmt: "packed", cose: cbor(new Map([[1, 3], [3, -7], [-1, 1], [-2, d.part("x")], [-3, d.part("y")]])) }));
  registration("point not on the curve", false, (d) => ({ fmt: "packed",
    cose: cbor(new Map([[1, 2], [3, -7], [-1, 1], [-2, Buffer.alloc(32, 1)], [-3, Buffer.alloc(32, 2)]])) }));
  registration("clientData is not JSON", false, { client: Buffer.from("{") });

  assertion("synced passkey", true, { flags: 0x1d }, "", "ES256", { backupEligible: true });
  assertion("without counters", true, { counter: 0 }, "", "ES256", { counter: 0 });
  assertion("with extension data", true, { flags: 0x85, extensions: cbor(new Map([["x", true]])) });
  assertion("unknown members in clientData", true, { data: { extra: "GREASE" } });
  assertion("counter the same", false, { counter: 7 });
  assertion("counter going back", false, { counter: 6 });
  assertion("counter back to nothing", false, { counter: 0 });
  assertion("wrong type", false, { type: "webauthn.create" });
  assertion("replayed for another challenge", false, { data: { challenge: challenge() } });
  assertion("empty challenge", false, { data: { challenge: "" } });
  assertion("wrong origin", false, { data: { origin: "https://evil.example" } });
  assertion("subdomain as origin", false, { data: { origin: "https://a.truc.example.gov.vn" } });
  assertion("origin null", false, { data: { origin: "null" } });
  assertion("in a foreign frame", false, { data: { crossOrigin: true } },
    "sign-in is never framed; SimpleWebAuthn leaves crossOrigin to its caller");
  assertion("wrong rpId", false, { rpId: "example.gov.vn" });
  assertion("user not present", false, { flags: 0x04 });
  assertion("user not verified", false, { flags: 0x01 });
  assertion("no flag at all", false, { flags: 0x00 });
  assertion("backed up but not eligible", false, { flags: 0x15 });
  assertion("became eligible for backup", false, { flags: 0x0d },
    "WebAuthn §7.2 step 19; SimpleWebAuthn does not keep the flag");
  assertion("trailing bytes in authData", false, { trailing: tail });
  assertion("extension flag without extensions", false, { flags: 0x85 });
  assertion("authData cut short", false, { alterData: (d) => d.subarray(0, 36) });
  assertion("id of another credential", false, { answerId: stranger.id });
  assertion("trailing bytes after the signature", false, { alterSignature: (s) => Buffer.concat([s, tail]) },
    "a signature has one spelling; SimpleWebAuthn reads the first DER value only");
  assertion("RSA signature for an EC key", false, () => ({ signer: device.RS256 }));
  assertion("EC key said to be RSA", false, {}, "", "ES256", { algorithm: -257, cose: b64(device.RS256.cose()) });
  assertion("clientData is not JSON", false, { client: Buffer.from("[]") });
  return out;
}
