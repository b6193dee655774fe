// The files of a report, as the server gives them.
import { useQuery } from "@tanstack/react-query"
import { api, given, type Schemas } from "../../api/client"
import { fingerprintOf, hexOf } from "../../trust/known/fingerprint"
import { judge } from "../../trust/verify/sending"
import { type Line, linesOf } from "./csv"

export type Report = Schemas["MonthlyReport"]
export const fileName = ({ month, id }: Report, kind: "pdf" | "csv") => `truc-${month}-${id}.${kind}`
export const fileAddress = ({ id }: Report, kind: "pdf" | "csv") => `/api/v1/insight/reports/${id}/${kind}`

/** Figures of the whole exchange in a report; a report never changes. */
export function useLines(number: number) {
  return useQuery<Line[]>({
    queryKey: ["figures of report", number],
    queryFn: async () => {
      const csv: unknown = await given<unknown>(api.GET("/api/v1/insight/reports/{number}/csv", { params: { path: { number } }, parseAs: "text" }))
      return linesOf(String(csv))
    },
    staleTime: Infinity,
  })
}

export interface Judged {
  report: Schemas["VerifyReport"]
  /** As the browser computes it from the bytes that came. */
  hash: string
}

/** Takes the PDF and has its seal judged, as anybody could who has the file. */
export async function judgePdf(report: Report): Promise<Judged> {
  const bytes: unknown = await given<unknown>(
    api.GET("/api/v1/insight/reports/{number}/pdf", { params: { path: { number: report.id } }, parseAs: "blob" }),
  )
  const file = new File([bytes as Blob], fileName(report, "pdf"), { type: "application/pdf" })
  const { signal } = new AbortController()
  const hash = hexOf(await fingerprintOf(file, () => undefined, signal))
  return { report: await judge(file, () => undefined, signal), hash }
}
