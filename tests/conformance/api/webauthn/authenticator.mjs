// An authenticator in software, written without Trúc's code: keys by node:crypto, CBOR by hand.
// Everything that it says can be altered before or after it is signed.
import crypto from "node:crypto";

export const b64 = (bytes) => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes) => crypto.createHash("sha256").update(bytes).digest();
const u16 = (n) => Buffer.from([n >> 8, n & 255]);
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n >>> 0); return b; };

function head(kind, n) {
  if (n < 24) return Buffer.from([kind << 5 | n]);
  if (n < 256) return Buffer.from([kind << 5 | 24, n]);
  return Buffer.concat([Buffer.from([kind << 5 | 25]), u16(n)]);
}
export function cbor(value) {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  if (value instanceof Map) {
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([k, v]) => [cbor(k), cbor(v)])]);
  }
  if (typeof value === "boolean") return Buffer.from([value ? 0xf5 : 0xf4]);
  throw new Error("cbor");
}

const KINDS = {
  ES256: { alg: -7, make: () => crypto.generateKeyPairSync("ec", { namedCurve: "P-256" }), hash: "sha256" },
  EdDSA: { alg: -8, make: () => crypto.generateKeyPairSync("ed25519"), hash: null },
  RS256: { alg: -257, make: () => crypto.generateKeyPairSync("rsa", { modulusLength: 2048 }), hash: "sha256" },
};

export class Authenticator {
  constructor(kind) {
    Object.assign(this, { kind, ...KINDS[kind] });
    this.pair = this.make();
    this.id = crypto.randomBytes(32);
    this.jwk = this.pair.publicKey.export({ format: "jwk" });
  }
  part(name) { return Buffer.from(this.jwk[name], "base64url"); }
  // The key as Trúc keeps it.
  raw() {
    if (this.kind === "ES256") return Buffer.concat([this.part("x"), this.part("y")]);
    if (this.kind === "EdDSA") return this.part("x");
    return Buffer.concat([this.part("n"), this.part("e")]);
  }
  cose(changes = []) {
    const map = {
      ES256: () => [[1, 2], [3, -7], [-1, 1], [-2, this.part("x")], [-3, this.part("y")]],
      EdDSA: () => [[1, 1], [3, -8], [-1, 6], [-2, this.part("x")]],
      RS256: () => [[1, 3], [3, -257], [-1, this.part("n")], [-2, this.part("e")]],
    }[this.kind]();
    return cbor(new Map([...map, ...changes]));
  }
  sign(bytes) { return crypto.sign(this.hash, bytes, this.pair.privateKey); }
  clientData(type, test, changes = {}) {
    const data = { type, challenge: test.challenge, origin: test.origins[0], crossOrigin: false, ...changes };
    for (const name of Object.keys(data)) if (data[name] === undefined) delete data[name];
    return Buffer.from(JSON.stringify(data));
  }
  // o: flags, counter, rpId, attested, cose, extensions, trailing
  authData(test, o) {
    const attested = o.attested
      ? [o.aaguid ?? Buffer.alloc(16), u16(o.idLength ?? this.id.length), o.id ?? this.id, o.cose ?? this.cose()] : [];
    return Buffer.concat([sha256(o.rpId ?? test.rpId), Buffer.from([o.flags]), u32(o.counter), ...attested,
      o.extensions ?? Buffer.alloc(0), o.trailing ?? Buffer.alloc(0)]);
  }
  registration(test, o = {}) {
    o = { flags: 0x45, counter: 0, attested: true, fmt: "none", ...o };
    const client = o.client ?? this.clientData(o.type ?? "webauthn.create", test, o.data);
    const data = o.authData ?? this.authData(test, o);
    let statement = new Map();
    if (o.fmt === "packed") {
      const signature = (o.signer ?? this).sign(Buffer.concat([data, sha256(client)]));
      if (o.breakSignature) signature[signature.length - 1] ^= 1;
      statement = new Map([["alg", o.statementAlg ?? this.alg], ["sig", signature]]);
    }
    if (o.statement) statement = o.statement;
    const object = Buffer.concat([cbor(new Map([["fmt", o.fmt], ["attStmt", statement], ["authData", data]])),
      o.objectTrailing ?? Buffer.alloc(0)]);
    return this.answer({ clientDataJSON: b64(client), attestationObject: b64(object), transports: [] }, o);
  }
  assertion(test, o = {}) {
    o = { flags: 0x05, counter: 8, ...o };
    const client = o.client ?? this.clientData(o.type ?? "webauthn.get", test, o.data);
    const data = this.authData(test, o);
    let signature = (o.signer ?? this).sign(Buffer.concat([data, sha256(client)]));
    if (o.alterSignature) signature = o.alterSignature(signature);
    const sent = o.alterData ? o.alterData(Buffer.from(data)) : data;
    const said = o.alterClient ? o.alterClient(client) : client;
    return this.answer({ clientDataJSON: b64(said), authenticatorData: b64(sent), signature: b64(signature) }, o);
  }
  answer(response, o) {
    const id = b64(o.answerId ?? this.id);
    return { id, rawId: o.rawId ?? id, type: o.answerType ?? "public-key", response, clientExtensionResults: {} };
  }
}
