/** In a table: a name, and below it what says more. */
export function TwoLines({ name, more }: { name: string; more: string | undefined }) {
  return (
    <div>
      <div className="text one" title={name}>
        {name}
      </div>
      {more && (
        <div className="text small faint" title={more}>
          {more}
        </div>
      )}
    </div>
  )
}
