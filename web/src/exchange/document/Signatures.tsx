import { query } from "../../api/client"
import { momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Empty, Loaded } from "../../parts/States"
import { SignatureBadge } from "../words"
import { signaturesIn } from "./report"

/** The verdict in words, and what was found of each signature. */
export function Signatures({ id }: { id: string }) {
  const say = useSay()
  const { language } = useLanguage()
  const found = query.useQuery("get", "/api/v1/documents/{id}/signatures", { params: { path: { id } } })
  return (
    <Loaded query={found}>
      {(judged) => {
        if (!judged.judged || !judged.verdict) return <Empty title={say("signatures.notJudged")} />
        const signatures = signaturesIn(judged.report)
        return (
          <div className="more">
            <p className="row">
              <SignatureBadge verdict={judged.verdict} />
              {signatures.length > 0 && (language === "vi" ? judged.text_vi : judged.text_en)}
            </p>
            {judged.judged_at && <p className="faint">{say("signatures.judgedAt", { at: momentText(judged.judged_at, language) })}</p>}
            {judged.verdict === "unsigned" && <p>{say("signatures.none")}</p>}
            {signatures.map((signature, place) => (
              <section key={`${signature.file} ${place}`} className="card">
                <div className="row">
                  <h2>{signature.signer || say("signatures.unknownSigner")}</h2>
                  <SignatureBadge verdict={signature.verdict} />
                </div>
                {signature.text && <p>{signature.text[language]}</p>}
                <dl className="pairs">
                  <dt>{say("signatures.file")}</dt>
                  <dd>{signature.file}</dd>
                  <dt>{say("signatures.capacity")}</dt>
                  <dd>{say(`capacity.${signature.capacity}`)}</dd>
                  {signature.issuer && (
                    <>
                      <dt>{say("signatures.issuer")}</dt>
                      <dd>{signature.issuer}</dd>
                    </>
                  )}
                  {signature.provenAt && (
                    <>
                      <dt>{say("signatures.provenAt")}</dt>
                      <dd>{momentText(signature.provenAt, language)}</dd>
                    </>
                  )}
                  {signature.claimedAt && (
                    <>
                      <dt>{say("signatures.claimedAt")}</dt>
                      <dd>{momentText(signature.claimedAt, language)}</dd>
                    </>
                  )}
                </dl>
              </section>
            ))}
          </div>
        )
      }}
    </Loaded>
  )
}
