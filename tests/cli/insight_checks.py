"""Figures of a site and its sealed monthly reports."""
import json
import os
import time

from key_checks import certified
from trust_checks import Pki
from truc_program import RECEIVER, expect, expect_in, until


def last_month():
    now = time.gmtime(time.time() + 7 * 3600)
    year, month = (now.tm_year, now.tm_mon - 1) if now.tm_mon > 1 else (now.tm_year - 1, 12)
    return f"{year:04d}-{month:02d}"


def check_figures_follow_what_happens(place):
    site = place.site()
    server = place.serve(site)
    key = server.key_of(RECEIVER)

    def figures():
        status, body = server.ask("/api/v1/insight/flow", key)
        expect(200, status)
        shown = json.loads(body)
        return {one["id"]: one for one in shown["volumes"] + shown["funnel"]}

    def value(name):
        return figures()[name].get("value")

    sent = server.send(place.document("a.edxml", "15", to=("G99", "K97")))["DocId"]
    until(lambda: value("stage.waiting") == 1, 30)  # what goes to K97 is not theirs
    status, body = server.ask(figures()["stage.waiting"]["query"], key)
    expect([200, sent], [status, json.loads(body)["items"][0]["document"]])
    place.run("fetch", *server.as_receiver(), sent, "-o", "got.edxml")
    until(lambda: value("stage.arrived") == 1 and value("stage.waiting") == 0, 30)
    status, body = server.get("/api/v1/insight/savings/calibration")
    expect([200, 1305500000000], [status, json.loads(body)["gross"]])
    server.end()
    # The same bytes by counting everything anew.
    rebuilt = place.json("insight", "rebuild", "-C", site)
    expect([1, 0], [rebuilt["days"], rebuilt["changed"]])
    said = place.run("insight", "rebuild", "-C", site).out
    expect_in(rebuilt["sha256"], said)
    expect_in("Đã tính lại 1 ngày từ hồ sơ; 0 ngày", said)


def check_a_monthly_report_is_sealed_and_computed_again(place):
    site = place.site()
    month = last_month()
    make = ["insight", "report", "-C", site, month]
    expect_in("[cli.no_report_key]", place.run(*make, code=1).err)
    expect_in("[cli.bad_month]", place.run("insight", "report", "-C", site, "10/2026", code=1).err)
    expect_in("insight report", place.run("insight", "list", "-C", site, "--lang", "en").out)
    with Pki(place) as pki:
        certified(place, pki, "seal")
        place.run("key", "use", "seal", "-C", site, "--for", "evidence")
        this_month = time.strftime("%Y-%m", time.gmtime(time.time() + 7 * 3600))
        expect_in("[insight.month_not_over]",
                  place.run("insight", "report", "-C", site, this_month, code=1).err)
        made = place.json(*make, "-o", "reports")
        expect([1, month], [made["report"], made["month"]])
        pdf, csv = place.read(f"reports/truc-{month}.pdf"), place.read(f"reports/truc-{month}.csv")
        expect(b"%PDF-", pdf[:5])
        expect_in(b"period,as_of,organisation", csv)
        judged = place.run("verify", f"reports/truc-{month}.pdf", "--anchor", pki.anchor, "--online", "--lang", "en").out
        expect_in("Verdict: valid", judged)
        # With an authority for timestamps it needs nobody afterwards.
        place.write("site/truc.toml", f'[evidence]\ntimestamps = "{pki.tsa}"\n')
        expect(2, place.json(*make, "-o", "stamped")["report"])
    judged = place.run("verify", f"stamped/truc-{month}.pdf", "--anchor", pki.anchor, "--lang", "en").out
    expect_in("PAdES-B-LT", judged)
    expect_in("Verdict: valid", judged)
    expect_in("trùng từng byte", place.run("insight", "verify", "-C", site).out)
    verdict = place.json("insight", "verify", "-C", site, "1")[0]
    expect([True, True, True], [verdict["csv_same"], verdict["pdf_same"], verdict["basis_same"]])
    expect_in("[insight.unknown_report]", place.run("insight", "verify", "-C", site, "7", code=1).err)
    expect([False, True], [one["superseded"] for one in place.json("insight", "list", "-C", site)])
    expect(sorted(os.listdir(place / "reports")), [f"truc-{month}.csv", f"truc-{month}.pdf"])
