// A State in miniature for the stories: a real `truc serve` with organisations, people and documents, in a directory
// that is gone afterwards. What happens in it goes through the commands that anybody can type.
import { execFileSync, spawn, type ChildProcess } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { env } from "node:process"
import { plain } from "./papers"
import { seal, type Sealed } from "./sealed"
import { type Strange, visit } from "./strangers"
import { Unit } from "./unit"

export interface Made {
  url: string
  /** Sends a PDF from the clerk's organisation; gives the document's id. */
  put: (number: string, notation: string, pdf: Uint8Array) => { id: string }
  /** Its sender takes it back. */
  recall: (id: string) => void
  /** Sends one to the clerk's organisation; priority 0 to 4. */
  receive: (number: string, priority: string) => void
  sealed: Sealed
  paper: string // with a PDF of three pages
  gone: Buffer // a PDF that was sent, and taken back from everybody
  /** Organisations, people and documents of strangers who mean harm, made when they are first asked for. */
  strangers: () => Strange
  codes: Record<"clerk" | "colleague" | "secretary" | "operator" | "auditor" | "monitor" | "connector" | "second", string> // link codes
  letter: string // one recipient has accepted it, one has fetched it, one is not connected
  urgent: string // waits for the clerk, and is late soon
  many: string // to 628 recipients
  back: string // its sender asks the clerk for it back
  taken: string // waits for the clerk, for a story to take it
}

interface Waiting {
  docId: string
  to: string
}

const COMMUNES = 628
const ROOT = resolve(import.meta.dirname, "../..")
const TRUC = resolve(ROOT, env.TRUC ?? "build/dev/src/cli/truc")
const LONG =
  "Về việc phối hợp rà soát, báo cáo kết quả thực hiện nhiệm vụ chuyển đổi số, cải cách thủ tục hành chính và gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước quý IV năm 2026"

export class Place {
  readonly directory = mkdtempSync(join(tmpdir(), "truc-web-"))
  readonly #site = join(this.directory, "site")
  #server: ChildProcess | undefined
  #url = ""

  /** Runs `truc WORDS --json`. */
  #truc(...words: string[]): Record<string, unknown> {
    const out = execFileSync(TRUC, [...words, "--json"], { cwd: this.directory, encoding: "utf-8", maxBuffer: 1 << 26 })
    return out.trim() === "" ? {} : (JSON.parse(out) as Record<string, unknown>)
  }

  #as(system: string): string[] {
    return ["--url", this.#url, "--system", system, "--secret-file", `${system}.key`]
  }

  async start(): Promise<Made> {
    const port = await freePort()
    this.#url = `http://localhost:${port}`
    this.#truc("init", "site")
    // The timestamps are there only while the reports of the last months are sealed.
    const settle = (timestamps = "") =>
      writeFileSync(
        join(this.#site, "truc.toml"),
        `[server]\nlisten = "127.0.0.1:${port}"\n[clocks]\nat_once_minutes = 1\n` +
          `[evidence]\nkey = "${join(this.directory, "truc.pem")}"\nname = "thu.truc"\ntimestamps = "${timestamps}"\n` +
          `[sign_in]\norigins = "${this.#url}"\n[web]\ndirectory = "${join(ROOT, "build/web")}"\n`,
      )
    const sealed = await seal(TRUC, this.directory, await freePort(), (timestamps) => {
      settle(timestamps)
      this.#organisations()
      this.#reports()
    })
    settle()
    const { unit, proposer, ...others } = this.#people()
    copyFileSync(sealed.anchor, join(this.#site, "anchors", "demonstration-root.demonstration.pem"))
    await this.#serve()
    const mai = await Unit.enter(this.#url, "quan.tri", unit)
    const hoa = { login: "van.thu", family_name: "Nguyễn Thị", given_name: "Hoa" }
    const lan = { login: "van.thu.2", family_name: "Trần Thị", given_name: "Lan" }
    const thu = { login: "van.thu.3", family_name: "Lê Thị", given_name: "Thu" }
    const clerk = await mai.appoint("H49", hoa, "Văn thư", ["clerk"])
    const codes = { ...others, clerk, colleague: await mai.appoint("H49", lan, "Văn thư thứ hai", ["clerk"]), secretary: await mai.appoint("H49", thu, "Văn thư thứ ba", ["clerk"]) }
    let strange: Strange | undefined
    const strangers = () => (strange ??= visit(this.directory, this.#url, (...words) => this.#truc(...words)))
    const bach = await Unit.enter(this.#url, "de.nghi", proposer)
    await bach.propose("system_disable", "00.23.W00", "Khóa bí mật của hệ thống có thể đã lộ")
    await mai.delegate("Hoa", "statistics.read", "Lập báo cáo tháng")
    const put: Made["put"] = (number, notation, pdf) => ({ id: this.#send("00.22.W00", "H49", ["G12"], number, notation, "Về việc xem tệp", "0", pdf) })
    const recall: Made["recall"] = (id) => void this.#truc("recall", ...this.#as("00.22.W00"), id, "--reason", "Ban hành nhầm")
    const receive: Made["receive"] = (number, priority) => void this.#send("00.00.G09", "G09", ["H49"], number, "BNV-TB", "Về việc mời họp", priority)
    const documents = this.#documents()
    const gone = plain(2)
    recall(put("901", "UBND-VX", gone).id)
    return { url: this.#url, codes, strangers, put, recall, receive, gone, sealed, paper: put("900", "UBND-VX", plain(3)).id, ...documents }
  }

  #organisations() {
    const communes = Array.from({ length: COMMUNES }, (_, i) => `H49.${101 + i},UBND xã số ${i + 1},H49`)
    const rows = [
      "H49,UBND tỉnh Quảng Ninh,",
      "H49.06,Sở Tài chính Quảng Ninh,H49",
      "G12,Bộ Tài chính,",
      "G09,Bộ Nội vụ,",
      "H41,UBND tỉnh chưa kết nối,",
      "H41.09,Sở Y tế chưa kết nối,H41",
      ...communes,
    ]
    writeFileSync(join(this.directory, "organisations.csv"), `code,name,parent\n${rows.join("\n")}\n`)
    this.#truc("organisation", "import", "-C", "site", "organisations.csv")
    const merged = [
      "H41.10,Sở Giao thông vận tải,H41,,2025/03/01,H41.12",
      "H41.11,Sở Xây dựng (trước sáp nhập),H41,,2025/03/01,H41.12",
      "H41.12,Sở Xây dựng,H41,2025/03/01,,",
      "H41.20,Trung tâm Lưu trữ,H41,,,",
    ]
    writeFileSync(join(this.directory, "merged.csv"), `code,name,parent,effective_from,effective_to,successor\n${merged.join("\n")}\n`)
    this.#truc("organisation", "import", "-C", "site", "merged.csv")
    const served: Record<string, string[]> = {
      "00.22.W00": ["H49", "H49.06"],
      "00.00.G12": ["G12"],
      "00.00.G09": ["G09"],
      "00.23.W00": Array.from({ length: COMMUNES }, (_, i) => `H49.${101 + i}`),
    }
    for (const [system, organisations] of Object.entries(served)) {
      writeFileSync(join(this.directory, `${system}.key`), `secret of ${system}`)
      const flags = organisations.flatMap((code) => ["--organisation", code])
      this.#truc("system", "add", "-C", "site", system, "--secret-file", `${system}.key`, ...flags)
    }
  }

  /** The sealed reports of the last two months that are over. */
  #reports() {
    const today = new Date(Date.now() + 7 * 3_600_000) // in Viet Nam
    for (const ago of [2, 1]) {
      const month = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - ago, 1)).toISOString().slice(0, 7)
      this.#truc("insight", "report", "-C", "site", month)
    }
  }

  #people() {
    const add = (login: string, family: string, given: string, post: string, role: string, organisation?: string) => {
      const where = organisation ? ["--organisation", organisation] : []
      const names = ["--family-name", family, "--given-name", given, "--post", post, "--role", role]
      this.#truc("person", "add", "-C", "site", login, ...names, ...where)
      return String(this.#truc("person", "invite", "-C", "site", login).code)
    }
    return {
      unit: add("quan.tri", "Vũ Thị", "Mai", "Quản trị đơn vị", "unit_admin", "H49"),
      operator: add("van.hanh", "Trần Văn", "Đức", "Quản trị hệ thống", "operator"),
      monitor: add("theo.doi", "Đỗ Minh", "Châu", "Theo dõi", "monitor"),
      connector: add("ket.noi", "Ngô Văn", "Lâm", "Kết nối hệ thống", "operator"),
      auditor: add("giam.sat", "Phạm Thu", "Hương", "Kiểm toán", "auditor"),
      second: add("phe.duyet", "Hoàng Thị", "Yến", "Quản trị hệ thống", "operator"),
      proposer: add("de.nghi", "Lý Văn", "Bách", "Quản trị hệ thống", "operator"),
    }
  }

  async #serve() {
    const server = spawn(TRUC, ["serve", "-C", "site"], { cwd: this.directory, stdio: ["ignore", "pipe", "ignore"] })
    this.#server = server
    await new Promise<void>((ready, failed) => {
      server.stdout.once("data", () => ready())
      server.once("exit", (code) => failed(new Error(`truc serve ended with ${code}`)))
    })
  }

  #send(system: string, from: string, to: readonly string[], number: string, notation: string, subject: string, priority = "0", pdf: Uint8Array | string = "%PDF-1.7\nNội dung\n") {
    const folder = join(this.directory, `${number}-${notation}`)
    mkdirSync(folder)
    writeFileSync(join(folder, "van-ban.pdf"), pdf)
    const name = (code: string) => ({ id: code, name: `Cơ quan ${code}` })
    const header = {
      kind: "document",
      from: name(from),
      to: to.map(name),
      document_id: `${from},2026/11/20,${number}/${notation}`,
      code_number: number,
      code_notation: notation,
      promulgation_date: "2026/11/20",
      type: "2",
      type_name: "Công văn",
      subject,
      priority,
      attachments: [{ name: "văn bản.pdf", file: "van-ban.pdf" }],
    }
    writeFileSync(join(folder, "document.json"), JSON.stringify(header))
    this.#truc("edxml", "pack", folder, "-o", `${folder}.edxml`)
    return String(this.#truc("send", ...this.#as(system), `${folder}.edxml`).DocId)
  }

  /** The deliveries that wait for a system. */
  #waiting(system: string): Waiting[] {
    return this.#truc("inbox", ...this.#as(system)) as unknown as Waiting[]
  }

  /** One of several recipients says how far it is. */
  #report(system: string, { docId, to }: Waiting, code: string) {
    this.#truc("status", ...this.#as(system), docId, code, "--from", to)
  }

  #fetch(system: string, id: string) {
    this.#truc("fetch", ...this.#as(system), id, "-o", `${id}.edxml`)
  }

  /** The first of them, taken and acknowledged. */
  #take(system: string, ids: number): Waiting[] {
    const taken = this.#waiting(system).slice(0, ids)
    for (const { docId } of taken) {
      this.#fetch(system, docId)
      this.#truc("acknowledge", ...this.#as(system), docId, "done")
    }
    return taken
  }

  #documents() {
    const letter = this.#send("00.22.W00", "H49", ["G12", "G09", "H41"], "05", "UBND-VX", "Về việc phối hợp rà soát thủ tục hành chính", "1")
    const [accepted] = this.#take("00.00.G12", 1)
    if (!accepted) throw new Error("the letter did not arrive")
    for (const code of ["01", "03", "05"]) this.#report("00.00.G12", accepted, code)
    this.#fetch("00.00.G09", String(this.#waiting("00.00.G09")[0]?.docId))
    // Taken by the clerk's own system, and asked back after that.
    const back = this.#send("00.00.G09", "G09", ["H49"], "80", "BNV-VP", "Về việc đăng ký bồi dưỡng (bản gửi nhầm)")
    this.#fetch("00.22.W00", String(this.#waiting("00.22.W00")[0]?.docId))
    this.#truc("recall", ...this.#as("00.00.G09"), back, "--reason", "Gửi nhầm bản dự thảo")
    const taken = this.#send("00.00.G09", "G09", ["H49"], "79", "BNV-VP", "Về việc mời dự hội nghị trực tuyến")
    const urgent = this.#send("00.00.G12", "G12", ["H49"], "128", "BTC-NSNN", "Về việc chuẩn bị số liệu ngân sách phục vụ phiên họp Chính phủ", "3")
    this.#send("00.00.G09", "G09", ["H49"], "77", "BNV-CCHC", LONG)
    this.#send("00.00.G09", "G09", ["H49", "H49.06"], "78", "BNV-TCBC", `<script>alert(1)</script> "trích yếu" & <b>đậm</b>`)
    const all = Array.from({ length: COMMUNES }, (_, i) => `H49.${101 + i}`)
    const many = this.#send("00.22.W00", "H49", all, "12", "UBND-TH", "Về việc tổ chức tiếp công dân dịp cuối năm")
    for (const one of this.#take("00.23.W00", 40).slice(0, 25)) this.#report("00.23.W00", one, "03")
    return { letter, urgent, many, back, taken }
  }

  stop() {
    this.#server?.kill("SIGKILL")
    rmSync(this.directory, { recursive: true, force: true })
  }
}

export function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.once("error", failed)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === "object" ? found(address.port) : failed(new Error("no port"))))
    })
  })
}
