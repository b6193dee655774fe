// Lets Trúc and SimpleWebAuthn judge the same answers: both must say what the case says, except where
// the case says why Trúc is stricter.
//
//   node compare.mjs JUDGE_ANSWERS [-v]
import { spawnSync } from "node:child_process";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { cases } from "./cases.mjs";

async function bySimpleWebAuthn(test) {
  const expected = { response: test.answer, expectedChallenge: test.challenge, expectedOrigin: test.origins,
    expectedRPID: test.rpId, requireUserVerification: true };
  try {
    if (test.ceremony === "registration") {
      return (await verifyRegistrationResponse({ ...expected, supportedAlgorithmIDs: [-7, -8, -257] })).verified;
    }
    // Whose credential it is, its caller looks up.
    if (test.answer.id !== test.known.id) return false;
    const credential = { id: test.known.id, publicKey: Buffer.from(test.known.cose, "base64url"), counter: test.known.counter };
    return (await verifyAuthenticationResponse({ ...expected, credential })).verified;
  } catch {
    return false;
  }
}

const all = cases();
const lines = all.map((test) => JSON.stringify(test)).join("\n") + "\n";
const run = spawnSync(process.argv[2], { input: lines, encoding: "utf8", maxBuffer: 1 << 26 });
const verdicts = run.stdout.trim().split("\n");
if (run.status !== 0 || verdicts.length !== all.length) {
  console.log(`judge_answers gave ${verdicts.length} verdicts on ${all.length} cases\n${run.stderr}`);
  process.exit(1);
}
let passed = 0, failed = 0, stricter = 0;
for (const [i, test] of all.entries()) {
  const ours = verdicts[i].startsWith("ok"), theirs = await bySimpleWebAuthn(test);
  const right = test.stricter ? !ours && theirs && !test.good : ours === test.good && theirs === test.good;
  if (test.stricter && right) ++stricter;
  right ? ++passed : ++failed;
  const shown = `${test.name}: expected ${test.good ? "accepted" : "refused"}; Trúc ${verdicts[i].slice(0, 50)}; ` +
    `SimpleWebAuthn ${theirs ? "accepted" : "refused"}${test.stricter ? ` (stricter: ${test.stricter})` : ""}`;
  if (!right || process.argv.includes("-v")) console.log(`${right ? "✓" : "✗"} ${shown}`);
}
console.log(`${all.length} answers, ${stricter} of them refused by Trúc alone, with the reason given`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
