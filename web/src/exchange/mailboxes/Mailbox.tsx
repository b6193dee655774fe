import { useEffect, useMemo } from "react"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Empty, Failure, Loaded, Waiting } from "../../parts/States"
import { Table, type TableColumn } from "../../parts/Table"

interface Pages<T> {
  data: { pages: { items: T[] }[] } | undefined
  error: unknown
  isPending: boolean
  refetch: () => unknown
  hasNextPage: boolean
  isFetching: boolean
  isError: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

/**
 * A list that comes page by page as its reader scrolls, with a button for those who do not. `onClear`: a filter hides
 * rows, and this takes it away.
 */
export function Mailbox<T>({ label, empty, onClear, pages, columns, rowId, rowHref, tall }: {
  label: string
  empty: string
  onClear?: (() => void) | undefined
  pages: Pages<T>
  columns: readonly TableColumn<T>[]
  rowId: (row: T) => string
  rowHref?: (row: T) => string
  tall?: boolean
}) {
  const say = useSay()
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data])
  const more = () => {
    if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage()
  }
  // Where few rows match, pages come before they are full: the search goes on to the first that has any.
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = pages
  const nothingYet = data !== undefined && hasNextPage && rows.length === 0
  useEffect(() => {
    if (nothingYet && !isFetching && !isError) void fetchNextPage()
  }, [nothingYet, isFetching, isError, fetchNextPage])
  if (nothingYet && !isError) return <Waiting />
  return (
    <Loaded query={pages}>
      {() =>
        nothingYet ? (
          <Failure error={pages.error} again={() => void fetchNextPage()} />
        ) : rows.length === 0 ? (
          <Nothing empty={empty} onClear={onClear} />
        ) : (
          <>
            <p role="status" className="faint">
              {pages.hasNextPage ? say("list.countMore", { count: rows.length }) : say("list.count", { count: rows.length })}
            </p>
            <Table label={label} columns={columns} rows={rows} rowId={rowId} {...(rowHref ? { rowHref } : {})} {...(tall ? { tall } : {})} onEnd={more} />
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

function Nothing({ empty, onClear }: { empty: string; onClear: (() => void) | undefined }) {
  const say = useSay()
  if (!onClear) return <Empty title={empty} />
  return (
    <Empty title={say("list.hidden")}>
      <p>{say("list.hiddenRemedy")}</p>
      <Button onPress={onClear}>{say("list.showAll")}</Button>
    </Empty>
  )
}
