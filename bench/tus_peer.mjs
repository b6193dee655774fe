// @tus/server with @tus/file-store, as its own documentation starts it: what bench/run uploads is
// compared with. Prints "listening PORT".
//
//   node tus_peer.mjs DIRECTORY
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'

const tus = new Server({ path: '/uploads', datastore: new FileStore({ directory: process.argv[2] }) })
const server = tus.listen({ host: '127.0.0.1', port: 0 }, () => console.log(`listening ${server.address().port}`))
