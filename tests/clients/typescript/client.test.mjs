// The TypeScript client against a real server, and against servers that break off.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import { after, test } from 'node:test'
import { ProblemError, Truc } from './dist/index.js'

const { TRUC_URL: url, TEST_DIRECTORY: place, TUS_SERVER: tusServer } = process.env
const read = (name) => fs.readFileSync(`${place}/${name}`)
const [sender, recipient] = ['sender', 'recipient'].map((who) => JSON.parse(read(`${who}.json`)))
const system = (one, more = {}) => new Truc({ url, credential: { clientId: one.system, clientSecret: one.secret }, ...more })
const A = system(sender), B = system(recipient)
const all = async (items) => {
  const out = []
  for await (const one of items) out.push(one)
  return out
}

test('the way of a document', async () => {
  const { data: me } = await A.api.GET('/api/v1/me')
  assert.equal(me.id, `system:${sender.system}`)
  const accepted = await A.submit(read('1.edxml'))
  assert.deepEqual([accepted.resent, accepted.deliveries, accepted.unknown], [false, 1, []])
  const delivery = (await all(B.inbox())).find((one) => one.document === accepted.id)
  assert.equal(delivery.state, 'initial')
  const content = Buffer.from(await (await B.content(accepted.id)).arrayBuffer())
  assert.ok(content.equals(read('1.edxml')))
  assert.equal((await B.acknowledge(delivery.id)).state, 'done')
  assert.equal((await B.report(delivery.id, { code: '03', staff: 'Nguyễn Văn An' })).status.code, '03')
  const [traced] = await A.deliveries(accepted.id)
  assert.deepEqual([traced.recipient.code, traced.state, traced.status.code], ['G99', 'done', '03'])
})

test('lists go on over pages', async () => {
  for (const name of ['2.edxml', '3.edxml', '4.edxml']) await A.submit(read(name))
  const codes = (await all(B.inbox({ limit: 1 }))).map((one) => one.code).sort()
  assert.deepEqual(codes, ['2/SGĐ-VP', '3/SGĐ-VP', '4/SGĐ-VP'])
  const sent = await all(A.list('/api/v1/documents', { box: 'sent', limit: 2 }))
  assert.equal(sent.length, 4)
  const files = await all(A.list('/api/v1/documents/{id}/attachments', undefined, { id: sent[0].id }))
  assert.equal(files[0].name, 'văn bản.pdf')
})

test('a problem is an error with its reason', async () => {
  const [delivery] = await all(B.inbox())
  const wrong = B.api.POST('/api/v1/deliveries/{id}/acknowledgement', { params: { path: { id: delivery.id } }, body: { result: 'perhaps' } })
  await assert.rejects(wrong, (error) => {
    assert.ok(error instanceof ProblemError)
    assert.deepEqual([error.status, error.reason, error.pointer], [400, 'rest.value_unknown', '/result'])
    assert.match(error.message, /phải là một trong/)
    return true
  })
  const english = system(recipient, { language: 'en' })
  await assert.rejects(english.content('0'.repeat(24)), /no document of yours/)
  const stranger = system({ ...sender, secret: 'truc_secret_1_wrong' })
  await assert.rejects(stranger.api.GET('/api/v1/me'), { name: 'ProblemError', status: 401, reason: 'identity.bad_client' })
})

test('a lost answer does not make two documents', async () => {
  const keys = []
  const lossy = system(sender, {
    fetch: async (input, init) => {
      const answer = await fetch(input, init)
      if (!(input instanceof Request) || input.method !== 'POST') return answer
      keys.push([input.headers.get('Idempotency-Key'), answer.headers.get('Idempotency-Replayed')])
      if (keys.length === 1) throw new TypeError('the connection broke')
      return answer
    },
  })
  const accepted = await lossy.submit(read('5.edxml'))
  assert.equal(keys.length, 2)
  assert.equal(keys[0][0], keys[1][0])
  assert.deepEqual([keys[0][1], keys[1][1], accepted.resent], [null, 'true', false])
})

test('a token that is over is fetched anew, once, also for calls at the same time', async () => {
  let tokens = 0, spoiled = 0
  const client = system(sender, {
    fetch: (input, init) => {
      if (!(input instanceof Request)) tokens++
      else if (spoiled++ === 0) input.headers.set('Authorization', 'Bearer truc_at_over')
      return fetch(input, init)
    },
  })
  assert.equal((await client.api.GET('/api/v1/me')).data.kind, 'system')
  assert.equal(tokens, 2)
  await Promise.all([1, 2, 3].map(() => client.api.GET('/api/v1/me')))
  assert.equal(tokens, 2)
  const refused = system(sender, { fetch: (input, init) => {
    if (input instanceof Request) input.headers.set('Authorization', 'Bearer truc_at_over')
    return fetch(input, init)
  } })
  await assert.rejects(refused.api.GET('/api/v1/me'), { status: 401 })
})

test('Retry-After is kept', async () => {
  const seen = []
  const busy = http.createServer((_, answer) => {
    seen.push(Date.now())
    if (seen.length < 3) answer.writeHead(seen.length === 1 ? 429 : 503, { 'Retry-After': '1' }).end('{}')
    else answer.writeHead(200, { 'Content-Type': 'application/json' }).end('{"id":"x"}')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => busy.once('listening', resolve))
  after(() => busy.close())
  const client = new Truc({ url: `http://127.0.0.1:${busy.address().port}`, credential: { apiKey: 'k' } })
  assert.equal((await client.api.GET('/api/v1/me')).data.id, 'x')
  assert.ok(seen[2] - seen[0] > 1900, `${seen[2] - seen[0]} ms`)
})

test('events come once each over a connection that breaks', async () => {
  const event = (n) => `id: c${n}\ndata: {"id":"e${n}",\ndata: "type":"delivery.available"}\n\n`
  const asked = []
  const server = http.createServer((request, answer) => {
    if (request.headers.accept === 'application/json') {
      answer.writeHead(200, { 'Content-Type': 'application/json' })
      return answer.end(JSON.stringify({ items: [], cursor: request.url.includes('from=now') ? 'c0' : '?', more: false }))
    }
    asked.push(request.headers['last-event-id'])
    answer.writeHead(200, { 'Content-Type': 'text/event-stream' })
    if (asked.length === 1) {
      answer.write('retry: 20\r\n: hello\r\n\r\n' + event(1) + event(2).slice(0, 9))
      setTimeout(() => {
        answer.write(event(2).slice(9) + event(3).slice(0, -1)) // the third is not whole
        setTimeout(() => answer.destroy(), 50)
      }, 50)
    } else if (asked.length === 2) answer.end('id: c2b\n\n') // what is filtered out moves the cursor alone
    else answer.write(event(3) + event(4))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  after(() => { server.closeAllConnections(); server.close() })
  const client = new Truc({ url: `http://127.0.0.1:${server.address().port}`, credential: { apiKey: 'k' } })
  const stop = new AbortController()
  const got = []
  for await (const one of client.events({ signal: stop.signal })) {
    got.push(`${one.cursor} ${one.event.id} ${one.event.type}`)
    if (got.length === 4) stop.abort()
  }
  assert.deepEqual(got, [1, 2, 3, 4].map((n) => `c${n} e${n} delivery.available`))
  assert.deepEqual(asked, ['c0', 'c2', 'c2b'])
})

const description = await (await fetch(`${url}/openapi.json`)).json()
test('events of the server', { skip: !description.paths['/api/v1/events'] }, async () => {
  const stop = new AbortController()
  const got = []
  for await (const { cursor, event } of A.events({ from: 'beginning', types: ['document.accepted'], signal: stop.signal })) {
    got.push([cursor, event.id])
    if (got.length === 5) stop.abort()
  }
  assert.equal(new Set(got.map(([, id]) => id)).size, 5)
  const again = new AbortController()
  for await (const { event } of A.events({ cursor: got[2][0], types: ['document.accepted'], signal: again.signal })) {
    assert.equal(event.id, got[3][1])
    again.abort()
  }
})

test('a large file goes up by tus', async () => {
  const server = spawn(tusServer, [`${place}/tus`, '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  after(() => server.kill('SIGKILL'))
  const line = await new Promise((resolve) => server.stdout.once('data', (text) => resolve(String(text))))
  const base = `http://127.0.0.1:${Number(line.split(' ')[1])}`
  const client = new Truc({ url: base, credential: { apiKey: 'conformance' } })
  const bytes = crypto.randomBytes(3_000_001)
  let last = 0
  const address = await client.upload(bytes, { path: '/uploads', filename: 'thư.edxml', chunkSize: 1 << 20, progress: (sent) => (last = sent) })
  assert.equal(last, bytes.length)
  const digest = await fetch(`${base}/digest/${address.split('/').at(-1)}`, { headers: { Authorization: 'Bearer conformance' } })
  assert.equal(await digest.text(), `${bytes.length} ${crypto.createHash('sha256').update(bytes).digest('hex')}\n`)
})
