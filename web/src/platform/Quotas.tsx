// How much callers may ask, and who asks most.
import { useMemo } from "react"
import { query, type Schemas } from "../api/client"
import { momentText } from "../language/dates"
import { numberText } from "../language/numbers"
import { useLanguage, useSay } from "../language/language"
import { Badge } from "../parts/Badge"
import { Empty, Loaded } from "../parts/States"
import { Table, type TableColumn } from "../parts/Table"

type Use = Schemas["QuotaUse"]
const REFRESH_MS = 30_000

export function Quotas() {
  const say = useSay()
  const found = query.useQuery("get", "/api/v1/quotas", { params: { query: { limit: 100 } } }, { refetchInterval: REFRESH_MS })
  const columns = useColumns()
  return (
    <Loaded query={found}>
      {({ callers, strangers, clients }) => (
        <div className="more">
          <section className="card" aria-labelledby="limits">
            <h2 id="limits">{say("platform.limits")}</h2>
            <Limit title={say("platform.callers")} limit={callers} />
            <Limit title={say("platform.strangers")} limit={strangers} />
            <p className="small faint">{say("platform.limitsAbout")}</p>
          </section>
          <h2>{say("platform.busiest")}</h2>
          {clients.length === 0 ? (
            <Empty title={say("platform.nobody")} />
          ) : (
            <Table label={say("platform.busiest")} columns={columns} rows={clients} rowId={clientOf} />
          )}
        </div>
      )}
    </Loaded>
  )
}

const clientOf = (row: Use) => row.client

function Limit({ title, limit: { burst, per_minute, per_day } }: { title: string; limit: Schemas["Quota"] }) {
  const say = useSay()
  const { language } = useLanguage()
  const number = (value: number) => numberText(value, language)
  return (
    <p>
      <b>{title}</b> {say("platform.limit", { burst: number(burst), minute: number(per_minute), day: number(per_day) })}
    </p>
  )
}

const KINDS = ["person", "system", "address"] as const

function useColumns(): TableColumn<Use>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(() => {
    // "system:00.53.W00"
    const name = ({ client }: Use) => {
      const [kind = "", ...rest] = client.split(":")
      const known = KINDS.find((one) => one === kind)
      return known ? say(`platform.client.${known}`, { id: rest.join(":") }) : client
    }
    const state = ({ left_today }: Use) => (
      <Badge tone={left_today > 0 ? "good" : "bad"} icon={left_today > 0 ? "check" : "wrong"}>
        {left_today > 0 ? say("platform.within") : say("platform.usedUp")}
      </Badge>
    )
    return [
      { id: "client", title: say("platform.client"), names: true, share: 2, minWidth: 200, cell: name },
      { id: "today", title: say("platform.today"), minWidth: 120, cell: (row) => numberText(row.today, language) },
      { id: "left", title: say("platform.left"), minWidth: 140, cell: (row) => numberText(row.left_today, language) },
      { id: "state", title: say("systems.state"), minWidth: 170, cell: state },
      { id: "last", title: say("integrations.last"), minWidth: 150, cell: (row) => momentText(row.last_at, language) },
    ]
  }, [say, language])
}
