// Papers as somebody has them on their machine: printed by the browser, with text and fonts.
import { writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser } from "@playwright/test"

const HEAD = (number: string, about: string) => `
  <style>body { font: 14pt serif } td { width: 50%; text-align: center; vertical-align: top }</style>
  <table><tr><td>ỦY BAN NHÂN DÂN<br>TỈNH QUẢNG NINH</td><td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</td></tr>
  <tr><td>Số: ${number}<br>V/v ${about}</td><td>Quảng Ninh, ngày 20 tháng 11 năm 2026</td></tr></table>
  <p>Kính gửi: Bộ Tài chính</p><p>Thực hiện chương trình công tác năm 2026.</p>`

/** An official letter of so many pages; gives its path. */
export async function letter(browser: Browser, number: string, about: string, pages = 1): Promise<string> {
  const page = await browser.newPage()
  const more = Array.from({ length: pages - 1 }, (_, i) => `<p style="break-before: page">Phụ lục ${i + 1}</p>`)
  await page.setContent(HEAD(number, about) + more.join(""))
  const path = join(tmpdir(), `${number.replaceAll("/", "-")}-${process.pid}.pdf`)
  await page.pdf({ path, format: "A4" })
  await page.close()
  return path
}

/** Something that is called PDF and is none, of so many bytes. */
export function broken(name: string, bytes: number): string {
  const path = join(tmpdir(), `${process.pid}-${name}`)
  writeFileSync(path, `%PDF-1.7\n${"không phải PDF ".repeat(Math.ceil(bytes / 18))}`)
  return path
}

/** A small PDF of so many pages, made without a browser. */
export function plain(pages: number): Buffer {
  const font = "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>"
  const kids = Array.from({ length: pages }, (_, i) => `${4 + 2 * i} 0 R`).join(" ")
  const objects = ["<< /Type /Catalog /Pages 2 0 R /Lang (vi) >>", `<< /Type /Pages /Count ${pages} /Kids [${kids}] >>`, font]
  for (let i = 0; i < pages; i++) {
    const text = `BT /F1 20 Tf 72 740 Td (UBND TINH QUANG NINH) Tj 0 -40 Td (Cong van, trang ${i + 1}) Tj ET`
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * i} 0 R >>`)
    objects.push(`<< /Length ${text.length} >>\nstream\n${text}\nendstream`)
  }
  return assembled(objects)
}

/** A PDF of these objects, the first of which is its catalogue; `trailer` may say more. */
export function assembled(objects: readonly string[], trailer = ""): Buffer {
  let file = "%PDF-1.7\n"
  const places = objects.map((object, i) => {
    const at = file.length
    file += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const table = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")
  const start = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${trailer} >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, "latin1")
}
