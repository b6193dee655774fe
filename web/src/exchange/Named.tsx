/** In a table: what a document is called, number and notation above its subject. */
export function Named({ code, subject }: { code: string; subject: string | undefined }) {
  return (
    <div>
      <div>{code}</div>
      {subject && (
        <div className="text small faint" title={subject}>
          {subject}
        </div>
      )}
    </div>
  )
}
