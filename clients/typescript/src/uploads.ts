// Large files in pieces that survive a broken connection: tus 1.0.0 by tus-js-client, which is installed only by those who
// use this.
import type { Transport } from "./transport.js"

export interface UploadOptions {
  /** "letter.edxml", for the metadata of the upload. */
  filename?: string
  /** Address of the collection; "/api/v1/uploads" without it. */
  path?: string
  /** Bytes of one request; all at once without it. */
  chunkSize?: number
  /** Goes on with an upload that was begun before, by its address. */
  uploadUrl?: string
  progress?: (sent: number, total: number | null) => void
}

/** Gives the address of the upload once all of it is on disk at the exchange. */
export async function uploadByTus(
  transport: Transport,
  file: Blob | Uint8Array,
  options: UploadOptions = {},
): Promise<string> {
  const tus = await import("tus-js-client")
  const blob = file instanceof Blob ? file : new Blob([file as Uint8Array<ArrayBuffer>])
  // In Node.js tus-js-client takes a Buffer, in browsers a Blob.
  const content = typeof Buffer === "undefined" ? blob : Buffer.from(await blob.arrayBuffer())
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(content, {
      endpoint: transport.url + (options.path ?? "/api/v1/uploads"),
      retryDelays: [0, 1000, 3000, 5000],
      removeFingerprintOnSuccess: true,
      ...(options.filename === undefined ? {} : { metadata: { filename: options.filename } }),
      ...(options.chunkSize === undefined ? {} : { chunkSize: options.chunkSize }),
      ...(options.uploadUrl === undefined ? {} : { uploadUrl: options.uploadUrl }),
      // Fetched anew for each request: a long upload outlives a token.
      onBeforeRequest: async (request) => request.setHeader("Authorization", await transport.authorization()),
      onProgress: (sent, total) => options.progress?.(sent, total),
      onError: reject,
      onSuccess: () => (upload.url === null ? reject(new Error("the upload has no address")) : resolve(upload.url)),
    })
    upload.start()
  })
}
