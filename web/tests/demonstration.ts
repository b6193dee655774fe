// The living State of `./run`, for pictures that look alive: started as anybody starts it, with its people to sign in as.
import { type ChildProcess, spawn } from "node:child_process"
import { createHmac } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { env } from "node:process"
import { setTimeout as pause } from "node:timers/promises"
import { expect, type Page } from "@playwright/test"
import { freePort } from "./place"

const ROOT = resolve(import.meta.dirname, "../..")
const TRUC = resolve(ROOT, env.TRUC ?? "build/dev/src/cli/truc")
const STEP_MS = 30_000
const BITS = 5 // of a letter of base32

interface Known {
  url: string
  password: string
  people: { login: string; secret: string; used: number }[]
}

export class Demonstration {
  readonly #kept = mkdtempSync(join(tmpdir(), "truc-guide-"))
  #process: ChildProcess | undefined
  #known: Known | undefined

  /** Comes back when there are documents and people. */
  async start() {
    const script = join(ROOT, "tests/scenarios/demonstration.py")
    const options = ["--truc", TRUC, "--web", join(ROOT, "build/web"), "--kept", this.#kept, "--lang", "vi", "--port", String(await freePort())]
    const started = spawn("python3", [script, ...options], { stdio: ["ignore", "pipe", "inherit"] })
    this.#process = started
    await new Promise<void>((ready, failed) => {
      started.stdout.on("data", (said: Buffer) => said.includes("Ctrl-C") && ready())
      started.once("exit", (code) => failed(new Error(`the demonstration ended with ${code}`)))
    })
    this.#known = JSON.parse(readFileSync(join(this.#kept, "people.json"), "utf-8")) as Known
  }

  get url(): string {
    return this.#known?.url ?? ""
  }

  /** What `truc evidence` gave about the first document. */
  get bundle(): string {
    return join(this.#kept, "bundle.asice")
  }

  /** With the password and the code of now, as the page asks for them. */
  async signIn(page: Page, login: string) {
    const person = this.#known?.people.find((one) => one.login === login)
    if (!this.#known || !person) throw new Error(`${login} is not one of the demonstration's people`)
    await page.goto(this.url)
    await page.getByText("Dùng mật khẩu").click()
    await page.getByLabel("Tên đăng nhập").fill(login)
    await page.getByLabel("Mật khẩu", { exact: true }).fill(this.#known.password)
    await page.getByRole("button", { name: "Tiếp tục" }).click()
    await page.getByLabel("Mã của ứng dụng xác thực").fill(await codeOf(person))
    await page.getByRole("button", { name: "Đăng nhập" }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Việc của tôi" })).toBeVisible()
  }

  stop() {
    this.#process?.kill("SIGINT")
    this.#process?.once("exit", () => rmSync(this.#kept, { recursive: true, force: true }))
  }
}

/** RFC 6238. A code counts once, so each step is used once. */
async function codeOf(person: { secret: string; used: number }): Promise<string> {
  const now = () => Math.floor(Date.now() / STEP_MS)
  const step = Math.max(now(), person.used + 1)
  while (step > now() + 1) await pause(500) // the server takes the next one too
  person.used = step
  const bits = [...person.secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(BITS, "0")).join("")
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac("sha1", key).update(counter).digest()
  const code = digest.readUInt32BE((digest.at(-1) ?? 0) & 15) & 0x7fffffff
  return String(code % 1_000_000).padStart(6, "0")
}
