"""What operators and integrators have on their desks: a key about to expire, a webhook that fails, a proposal that waits
for a second administrator."""
from datetime import datetime, timedelta

from api import Caller
from organisations import HAI_DUONG
from people import INTEGRATOR, SECOND
from state import VIETNAM, free_port

EXPIRING_DAYS = 5


def keys_of_systems(state):
    """A caller for each connected system, with an API key of its own."""
    callers = {}
    for system in state.systems:
        made = state.run("credential", "add", "-C", state.site, system, "--name", "phần mềm văn bản")
        callers[system] = Caller(state.url, made["secret"])
    return callers


def settings():
    """Of the demonstration's exchange: callers that hurry, webhooks to this machine, and urgent documents that are late
    after a minute, since nobody watches a demonstration for fifteen."""
    return {"api": "burst = 100000\nper_minute = 1000000\n", "uploads": "caller_files_max = 10000\n",
            "webhooks": "loopback = true\n", "clocks": "at_once_minutes = 1\n"}


def reports(state):
    """Sealed, of the last two months that are over. The exchange began today: what stands in them is zero, but for its cost."""
    first = datetime.now(VIETNAM).replace(day=1)
    last = first - timedelta(days=1)
    for month in (last.replace(day=1) - timedelta(days=1), last):
        state.run("insight", "report", "-C", state.site, month.strftime("%Y-%m"))


def arrange(state, people):
    reports(state)
    state.run("credential", "add", "-C", state.site, "00.00.G12", "--name", "báo cáo thống kê (cũ)", "--days", EXPIRING_DAYS)
    people.session(INTEGRATOR).post("/api/v1/webhooks", {"url": f"http://127.0.0.1:{free_port()}/truc", "organisation": "G12"})
    people.session(SECOND).post("/api/v1/approvals", {
        "act": "system_disable", "subject": HAI_DUONG,
        "reason": "Hải Dương đã nhập vào Hải Phòng từ 01/7/2025, hệ thống cũ không còn dùng"})
