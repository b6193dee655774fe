import { describe, expect, it } from "vitest"
import { readEdxml, readLines } from "./readings"

describe("what a paper says of itself", () => {
  it("is read from an official letter, whose head has two columns", () => {
    expect(
      readLines([
        "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "TỈNH QUẢNG NINH\tĐộc lập - Tự do - Hạnh phúc",
        "Số: 05/UBND-VX\tQuảng Ninh, ngày 05 tháng 02 năm 2026",
        "V/v phối hợp rà soát",
        "thủ tục hành chính",
        "Kính gửi: Bộ Tài chính",
      ]),
    ).toEqual({
      code_number: "05",
      code_notation: "UBND-VX",
      place: "Quảng Ninh",
      promulgation_date: "2026-02-05",
      type_name: "Công văn",
      subject: "Về việc phối hợp rà soát thủ tục hành chính",
    })
  })

  it("is read from a decision, whose notation has the kind in it", () => {
    const found = readLines(["Số: 28/2018/QĐ-TTg\tHà Nội, ngày 12 tháng 7 năm 2018", "QUYẾT ĐỊNH", "Về việc gửi, nhận văn bản điện tử"])
    expect(found).toMatchObject({ code_number: "28", code_notation: "2018/QĐ-TTg", type_name: "Quyết định", promulgation_date: "2018-07-12" })
    expect(found.subject).toBe("Về việc gửi, nhận văn bản điện tử")
  })

  it("is nothing where nothing is said", () => {
    expect(readLines(["Bảng lương tháng 10", "1\t2\t3"])).toEqual({})
  })
})

it("an edXML file is read with any prefix, and its escapes are undone", () => {
  const file =
    `<edXML:edXML><edXML:MessageHeader><edXML:To><edXML:OrganId>G12</edXML:OrganId><edXML:OrganName>Bộ Tài chính</edXML:OrganName></edXML:To>` +
    `<e:Code><e:CodeNumber>05</e:CodeNumber><e:CodeNotation>UBND-VX</e:CodeNotation></e:Code>` +
    `<e:PromulgationInfo><e:PromulgationDate>2026/11/20</e:PromulgationDate></e:PromulgationInfo><e:Subject>A &amp; B &lt;c&gt;</e:Subject>`
  expect(readEdxml(file)).toEqual({
    code_number: "05",
    code_notation: "UBND-VX",
    promulgation_date: "2026-11-20",
    subject: "A & B <c>",
    recipients: ["Bộ Tài chính"],
  })
})
