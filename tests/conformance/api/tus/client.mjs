// tus-js-client against a server: upload, cut, resume, kill, terminate, many at once, parts joined,
// checksums. The server is tus_server, or, with TRUC_SITE, `truc serve` of that site: there every
// file is handed in as an attachment, and must be what the recipient gets. Prints "N passed, N failed".
import { spawn } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as tus from 'tus-js-client'

const program = process.argv[2]
const token = process.env.TRUC_TUS_TOKEN ?? 'conformance'
const own = !process.env.TRUC_TUS_URL
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'truc-tus-'))
const headers = { Authorization: `Bearer ${token}` }
const site = process.env.TRUC_SITE
let server, port = 0, endpoint = process.env.TRUC_TUS_URL

async function start() {
  const what = site ? ['serve', '-C', site, '--listen', `127.0.0.1:${port}`] : [path.join(directory, 'site'), String(port)]
  server = spawn(program, what, { stdio: ['ignore', 'pipe', site ? 'ignore' : 'inherit'] })
  const line = await new Promise((resolve, reject) => {
    server.stdout.once('data', (text) => resolve(String(text)))
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  port = Number(line.match(/(\d+)\s*$/)[1])
  endpoint = `http://127.0.0.1:${port}${site ? '/api/v1' : ''}/uploads`
}

process.on('exit', () => server?.kill('SIGKILL'))

async function kill(signal = 'SIGKILL') {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill(signal)
  await ended
}

let passed = 0, failed = 0
async function test(name, body) {
  let timer
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('not done in 60 s')), 60_000) })
  try {
    await Promise.race([body(), late])
    passed++
  } catch (error) {
    failed++
    console.log(`✗ ${name}: ${error.stack ?? error}`)
  } finally {
    clearTimeout(timer)
  }
}
function equal(found, expected, what) {
  if (found !== expected) throw new Error(`${what}: ${found}, not ${expected}`)
}
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const noise = (size) => crypto.randomBytes(size)

// What arrived must be what was sent; servers of others have no such address.
async function check(url, bytes) {
  if (!own) return
  const id = url.slice(url.lastIndexOf('/') + 1)
  if (site) return bytes.length > 0 && arrives(id, bytes)
  const answer = await fetch(`http://127.0.0.1:${port}/digest/${id}`, { headers })
  const digest = crypto.createHash('sha256').update(bytes).digest('hex')
  equal(await answer.text(), `${bytes.length} ${digest}\n`, 'what arrived')
}

// Hands the upload in, and fetches it as its recipient.
let documents = 0
async function arrives(id, bytes) {
  const api = `http://127.0.0.1:${port}/api/v1`
  const sent = await fetch(`${api}/submissions`, {
    method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      to: [{ id: 'G99' }], code_number: String(++documents), code_notation: 'SGĐ-VP', subject: 'Về việc tải tệp lên',
      promulgation_date: '2026/11/22', type: '2', type_name: 'Công văn', priority: '0', signer_name: 'Nguyễn Văn An',
      attachments: [{ upload: id, name: 'tệp.bin' }] }) })
  if (sent.status !== 201) throw new Error(`submission: ${sent.status} ${await sent.text()}`)
  const got = await fetch(`${api}/documents/${(await sent.json()).id}/attachments/1`,
                          { headers: { Authorization: `Bearer ${process.env.TRUC_RECIPIENT_TOKEN}` } })
  equal(got.status, 200, 'the recipient')
  if (!bytes.equals(Buffer.from(await got.arrayBuffer()))) throw new Error('the recipient got other bytes')
}

function upload(bytes, more = {}) {
  let made
  const done = new Promise((resolve, reject) => {
    made = new tus.Upload(bytes, {
      endpoint, headers, retryDelays: [0, 50, 100, 200, 400, 800, 1600, 3000],
      metadata: { filename: 'công văn.pdf' },
      onSuccess: () => resolve(made.url), onError: reject, ...more,
    })
    made.start()
  })
  return { made, done }
}
const head = async (url) => {
  const answer = await fetch(url, { method: 'HEAD', headers: { ...headers, 'Tus-Resumable': '1.0.0' } })
  return { status: answer.status, offset: Number(answer.headers.get('upload-offset')), headers: answer.headers }
}
const patch = (url, offset, body, more = {}) => fetch(url, {
  method: 'PATCH', body,
  headers: { ...headers, 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(offset),
             'Content-Type': 'application/offset+octet-stream', ...more },
})
const create = async (size) => {
  const answer = await fetch(endpoint, {
    method: 'POST', headers: { ...headers, 'Tus-Resumable': '1.0.0', 'Upload-Length': String(size) } })
  equal(answer.status, 201, 'creation')
  return new URL(answer.headers.get('location'), endpoint).href
}

if (own) await start()

for (const size of [0, 1, 65536, 65537, 5_000_000]) {
  await test(`uploads ${size} bytes`, async () => {
    const bytes = noise(size)
    await check(await upload(bytes).done, bytes)
  })
}
await test('uploads in chunks', async () => {
  const bytes = noise(5_000_001)
  await check(await upload(bytes, { chunkSize: 300_000 }).done, bytes)
})
await test('brings the first bytes with the creation', async () => {
  const bytes = noise(1_000_000)
  await check(await upload(bytes, { uploadDataDuringCreation: true, chunkSize: 400_000 }).done, bytes)
})
// By hand: tus-js-client 4.3.1 waits for ever for the end of a stream, with @tus/server too.
await test('says the length later', async () => {
  const bytes = noise(900_000)
  const answer = await fetch(endpoint, {
    method: 'POST', headers: { ...headers, 'Tus-Resumable': '1.0.0', 'Upload-Defer-Length': '1' } })
  equal(answer.status, 201, 'creation')
  const url = new URL(answer.headers.get('location'), endpoint).href
  equal((await head(url)).headers.get('upload-defer-length'), '1', 'Upload-Defer-Length')
  equal((await patch(url, 0, bytes.subarray(0, 500_000))).status, 204, 'the first bytes')
  equal((await patch(url, 500_000, bytes.subarray(500_000), { 'Upload-Length': '900000' })).status, 204, 'the rest')
  equal((await head(url)).headers.get('upload-length'), '900000', 'Upload-Length')
  await check(url, bytes)
})
await test('is aborted and resumed', async () => {
  const bytes = noise(8_000_000)
  let once
  const aborted = new Promise((resolve) => { once = resolve })
  const first = upload(bytes, {
    chunkSize: 1_000_000,
    onChunkComplete: async (_, accepted) => { if (accepted >= 3_000_000) { await first.made.abort(); once() } },
  })
  await aborted
  const { offset } = await head(first.made.url)
  if (offset < 3_000_000 || offset >= bytes.length) throw new Error(`offset ${offset}`)
  let resent = Infinity
  const again = upload(bytes, {
    uploadUrl: first.made.url,
    onProgress: (sent) => { resent = Math.min(resent, sent) },
  })
  equal(await again.done, first.made.url, 'the address')
  if (resent < offset) throw new Error(`began again at ${resent} of ${offset}`)
  await check(first.made.url, bytes)
})
await test('twelve at the same time', async () => {
  await Promise.all(Array.from({ length: 12 }, async () => {
    const bytes = noise(2_000_000)
    await check(await upload(bytes, { chunkSize: 500_000 }).done, bytes)
  }))
})
await test('one in four parallel parts', async () => {
  const bytes = noise(4_000_003)
  await check(await upload(bytes, { parallelUploads: 4 }).done, bytes)
})
await test('is terminated', async () => {
  const url = await upload(noise(1000)).done
  await tus.Upload.terminate(url, { headers })
  equal((await head(url)).status, 404, 'afterwards')
})
await test('checksums', async () => {
  const bytes = noise(100_000)
  const url = await create(bytes.length)
  for (const algorithm of ['sha1', 'sha256']) {
    const half = algorithm === 'sha1' ? bytes.subarray(0, 50_000) : bytes.subarray(50_000)
    const offset = algorithm === 'sha1' ? 0 : 50_000
    const sum = crypto.createHash(algorithm).update(half).digest('base64')
    const wrong = crypto.createHash(algorithm).update('other').digest('base64')
    equal((await patch(url, offset, half, { 'Upload-Checksum': `${algorithm} ${wrong}` })).status, 460, 'a wrong one')
    equal((await head(url)).offset, offset, 'after a wrong one')
    equal((await patch(url, offset, half, { 'Upload-Checksum': `${algorithm} ${sum}` })).status, 204, 'a right one')
  }
  await check(url, bytes)
})
await test('refusals have their status', async () => {
  const url = await create(10)
  equal((await patch(url, 3, 'x')).status, 409, 'a wrong offset')
  equal((await patch(url, 0, 'x', { 'Content-Type': 'text/plain' })).status, 415, 'a wrong type')
  equal((await patch(url, 0, 'x', { 'Tus-Resumable': '0.1' })).status, 412, 'a wrong version')
  equal((await patch(url, 0, '0123456789a')).status, 413, 'too much')
  equal((await patch(`${endpoint}/0123456789abcdef0123456789abcdef`, 0, 'x')).status, 404, 'unknown')
  const other = await fetch(url, { method: 'HEAD', headers: { Authorization: 'Bearer another', 'Tus-Resumable': '1.0.0' } })
  if (other.status !== 404 && other.status !== 401) throw new Error(`another's: ${other.status}`)
})
await test('metadata and expiry come back', async () => {
  const url = await upload(noise(10)).done
  const state = await head(url)
  equal(Buffer.from(state.headers.get('upload-metadata').split(' ')[1], 'base64').toString(), 'công văn.pdf', 'filename')
  if (!(Date.parse(state.headers.get('upload-expires')) > Date.now())) throw new Error('no time in Upload-Expires')
})
if (own) {
  await test('goes on after the server was killed, ten times', async () => {
    const bytes = noise(96 << 20)
    let told = 0
    const going = upload(bytes, { chunkSize: 8 << 20, onChunkComplete: (_, accepted) => { told = accepted } })
    let over = false
    going.done.then(() => { over = true }, () => { over = true })
    for (let i = 0; i < 10 && !over; i++) {
      await sleep(20 + Math.random() * 120)
      const before = told
      await kill()
      await start()
      if (!over && going.made.url) {
        const { offset } = await head(going.made.url)
        if (offset < before) throw new Error(`${before} bytes were told, ${offset} are there`)
      }
    }
    await check(await going.done, bytes)
  })
  await kill('SIGTERM')
}
fs.rmSync(directory, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
