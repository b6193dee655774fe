// Files that are signed by a demonstration's authorities, which are gone again once that is done.
import { execFileSync, spawn } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { plain } from "./papers"

export interface Sealed {
  anchor: string
  signed: string // with revocation information and a timestamp: valid
  altered: string // the same, of which a letter was changed
  seal: string // the key of the exchange
  bare: string // signed, and nothing says whether the certificate was revoked
}

/** `meanwhile`: what else needs these authorities, with the address of their timestamps. */
export async function seal(truc: string, directory: string, port: number, meanwhile: (timestamps: string) => void): Promise<Sealed> {
  const at = (name: string) => join(directory, name)
  const run = (...words: string[]) => execFileSync(truc, words, { cwd: directory, stdio: "ignore" })
  const pki = spawn(truc, ["demo", "serve", "pki", "--listen", `127.0.0.1:${port}`], { cwd: directory, stdio: ["ignore", "pipe", "ignore"] })
  const timestamps = `http://127.0.0.1:${port}/pki/tsa`
  try {
    await new Promise((ready) => pki.stdout.once("data", ready))
    run("demo", "issue", "pki", "--name", "Nguyễn Văn An", "--organisation", "UBND tỉnh Quảng Ninh", "-o", "an.pem")
    run("demo", "issue", "pki", "--name", "Trục liên thông trình diễn", "-o", "truc.pem")
    writeFileSync(at("cong-van.pdf"), plain(1))
    run("sign", "cong-van.pdf", "-o", "da-ky.pdf", "--key", "an.pem", "--level", "lt", "--tsa", timestamps)
    run("sign", "cong-van.pdf", "-o", "chua-ro.pdf", "--key", "an.pem")
    meanwhile(timestamps)
  } finally {
    pki.kill("SIGKILL")
  }
  const bytes = readFileSync(at("da-ky.pdf"))
  bytes.write("GIA MAO", bytes.indexOf("Cong van"), "latin1")
  writeFileSync(at("bi-sua.pdf"), bytes)
  return { anchor: at("pki/demonstration-root.demonstration.pem"), signed: at("da-ky.pdf"), altered: at("bi-sua.pdf"), seal: at("truc.pem"), bare: at("chua-ro.pdf") }
}
