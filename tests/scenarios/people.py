"""People to sign in as: appointed, invited and enrolled as an operator and an administrator would do it."""
import json
import os
import time
from collections import namedtuple

from api import Person, step_now, totp
from organisations import BY_HAND

# `organisation`: "" is the platform. `by`: who gives the post; "" is the machine itself (`truc person`).
Somebody = namedtuple("Somebody", "login family given post role organisation by vi en")
OPERATOR, SECOND, ADMINISTRATOR = "dieu.hanh", "dieu.hanh.2", "quan.tri@h49"
CLERK, CLERK_BY_HAND, INTEGRATOR = "van.thu@h49", "van.thu@h49.50", "ket.noi@g12"
PEOPLE = [
    Somebody(OPERATOR, "Trần Quốc", "Bảo", "Quản trị hệ thống", "operator", "", "", "điều hành trục", "operator"),
    Somebody(SECOND, "Vũ Minh", "Châu", "Quản trị hệ thống", "operator", "", "", "điều hành thứ hai", "second operator"),
    Somebody("kiem.toan", "Phạm Thu", "Hương", "Kiểm toán", "auditor", "", "", "kiểm toán", "auditor"),
    Somebody(ADMINISTRATOR, "Đỗ Thanh", "Sơn", "Quản trị đơn vị", "unit_admin", "H49", OPERATOR,
             "quản trị đơn vị, Quảng Ninh", "administrator, Quảng Ninh"),
    Somebody(CLERK, "Nguyễn Thị", "Hoa", "Văn thư", "clerk", "H49", ADMINISTRATOR, "văn thư, Quảng Ninh", "clerk, Quảng Ninh"),
    Somebody(CLERK_BY_HAND, "Bùi Thị", "Lan", "Văn thư", "clerk", BY_HAND, ADMINISTRATOR,
             "văn thư, Cô Tô (chưa có phần mềm)", "clerk, Cô Tô (no software)"),
    Somebody("lanh.dao@h49", "Nguyễn Văn", "An", "Chủ tịch", "leader", "H49", ADMINISTRATOR, "lãnh đạo, Quảng Ninh", "leader, Quảng Ninh"),
    Somebody(INTEGRATOR, "Lê Văn", "Bình", "Cán bộ kết nối", "integrator", "G12", OPERATOR,
             "kết nối hệ thống, Bộ Tài chính", "integrator, Ministry of Finance"),
]
PASSWORD = "rung-truc-ben-song"  # of all; what lies behind it is gone with the demonstration


class People:
    def __init__(self, state):
        self.state, self.secrets, self.signed_in, self.used = state, {}, {}, {}

    # --- appointing --------------------------------------------------------------------------------
    def enrol(self, one, code):
        self.secrets[one.login] = Person(self.state.url).enrol(code, PASSWORD)

    def session(self, login):
        """Somebody's session, begun when it is first asked for."""
        if login not in self.signed_in:
            step, secret = step_now(), self.secrets[login]
            self.used[login] = step + 1  # at most
            codes = [totp(secret, step), totp(secret, step + 1)]  # the second where the 30 seconds end meanwhile
            self.signed_in[login] = Person(self.state.url).sign_in(login, PASSWORD, codes)
        return self.signed_in[login]

    def by_machine(self, one):
        words = ["--family-name", one.family, "--given-name", one.given, "--post", one.post, "--role", one.role]
        self.state.run("person", "add", "-C", self.state.site, one.login, *words)
        self.enrol(one, self.state.run("person", "invite", "-C", self.state.site, one.login)["code"])

    def by_person(self, one):
        giver = self.session(one.by)
        made = giver.post("/api/v1/people", {"login": one.login, "family_name": one.family, "given_name": one.given})
        post = giver.post(f"/api/v1/organisations/{one.organisation}/posts",
                          {"title": one.post, "roles": [one.role], "with_subordinates": one.role == "unit_admin"})
        giver.post(f"/api/v1/people/{made['person']}/appointments", {"post": post["post"]})
        self.enrol(one, giver.call("POST", f"/api/v1/people/{made['person']}/invitation")["code"])

    def appoint(self):
        for one in PEOPLE:
            (self.by_person if one.by else self.by_machine)(one)

    # --- telling -----------------------------------------------------------------------------------
    def write(self):
        """For `./run --code`, and for the tests: who can sign in where, until the demonstration ends."""
        file = self.state.keep("people.json")
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump({"url": self.state.address, "password": PASSWORD,
                       "people": [{"login": one.login, "role": one.role, "organisation": one.organisation,
                                   "secret": self.secrets[one.login], "used": self.used.get(one.login, 0)}
                                  for one in PEOPLE]}, out, ensure_ascii=False, indent=1)

    def table(self):
        """Logins with the codes of now."""
        step = step_now()
        lines = [f"  {'Tên đăng nhập / login':23} {'Mã / code':10} {'Khóa cho ứng dụng / secret for an app':38} Ai / who"]
        for one in PEOPLE:
            secret = self.secrets[one.login]
            lines.append(f"  {one.login:23} {totp(secret, step):10} {secret:38} {one.family} {one.given}: {one.vi} / {one.en}")
        return "\n".join(lines)


def code_of(kept, login):
    """A code for somebody of the running demonstration, or nothing. A code counts once, so each is given out once; where
    that takes waiting for the next 30 seconds, it waits."""
    file = kept / "people.json"
    try:
        everybody = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    one = next((one for one in everybody["people"] if one["login"] == login), None)
    if one is None:
        return None
    step = max(step_now(), one["used"] + 1)
    while step > step_now() + 1:  # the server takes the next one too
        time.sleep(0.5)
    one["used"] = step
    file.write_text(json.dumps(everybody, ensure_ascii=False, indent=1), encoding="utf-8")
    return totp(one["secret"], step)
