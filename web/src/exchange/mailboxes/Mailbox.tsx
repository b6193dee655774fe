import { useMemo } from "react"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Empty, Loaded } from "../../parts/States"
import { Table, type TableColumn } from "../../parts/Table"

interface Pages<T> {
  data: { pages: { items: T[] }[] } | undefined
  error: unknown
  isPending: boolean
  refetch: () => unknown
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

/** A list that comes page by page as its reader scrolls, with a button for those who do not. */
export function Mailbox<T>({ label, empty, pages, columns, rowId, rowHref }: {
  label: string
  empty: string
  pages: Pages<T>
  columns: readonly TableColumn<T>[]
  rowId: (row: T) => string
  rowHref?: (row: T) => string
}) {
  const say = useSay()
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data])
  const more = () => {
    if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage()
  }
  return (
    <Loaded query={pages}>
      {() =>
        rows.length === 0 ? (
          <Empty title={empty} />
        ) : (
          <>
            <p role="status" className="faint">
              {pages.hasNextPage ? say("list.countMore", { count: rows.length }) : say("list.count", { count: rows.length })}
            </p>
            <Table label={label} columns={columns} rows={rows} rowId={rowId} {...(rowHref ? { rowHref } : {})} onEnd={more} />
            {pages.hasNextPage && (
              <div>
                <Button onPress={more} isPending={pages.isFetchingNextPage}>
                  {say("list.more")}
                </Button>
              </div>
            )}
          </>
        )
      }
    </Loaded>
  )
}
