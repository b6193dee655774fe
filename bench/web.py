"""The web application in Chromium, measured from outside by web/tests/figures.ts."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMITS = (("first_load_kb", "first load with fonts, compressed, kB", "<= 200", lambda x: x <= 200),
          ("first_useful_ms", "first duty on the first page, ms", "<= 1000", lambda x: x <= 1000),
          ("interaction_p75_ms", "interactions, p75, ms", "<= 200", lambda x: x <= 200),
          ("table_fps", "frames/s while a table of 100,000 rows scrolls", ">= 50", lambda x: x >= 50),
          ("pdf_first_page_ms", "first page of a PDF of 500 pages, ms", "< 1000", lambda x: x < 1000))


def run(truc, work, rounds):
    """The figures of one browser with its processor slowed down four times."""
    out = work / "web.json"
    out.unlink(missing_ok=True)
    web = ROOT / "web"
    subprocess.run([str(web / "build")], check=True)
    done = subprocess.run(["npx", "playwright", "test", "--config", "playwright.figures.config.ts"], cwd=web,
                          env=dict(os.environ, FIGURES=str(out), ROUNDS=str(rounds), TRUC=str(truc)),
                          capture_output=True, text=True)
    if done.returncode != 0 or not out.exists():
        raise RuntimeError(done.stdout[-6000:] + done.stderr[-2000:])
    return json.loads(out.read_text())


def rows(figures):
    """Of bench/run's table."""
    return [*((title, f"{figures[key]:,.0f}", target, reached(figures[key])) for key, title, target, reached in LIMITS),
            ("  sign-in page, ms", f"{figures['sign_in_ms']:,.0f}", "", None),
            ("  first page of that PDF when what draws it was fetched ahead, ms", f"{figures['pdf_ahead_ms']:,.0f}", "", None),
            ("  the smallest file of the same server in the same browser, ms", f"{figures['empty_page_ms']:,.0f}", "", None),
            ("  frames/s of the table, slowed down too", f"{figures['table_slow_fps']:,.0f}", "", None),
            ("  frames/s of a page that does nothing", f"{figures['empty_fps']:,.0f}", "", None),
            ("  interactions looked at", f"{figures['interactions']}", "", None)]
