"""Trúc's API `/api/v1` as systems and people call it, with nothing but the standard library."""
import base64
import hashlib
import hmac
import http.client
import json
import struct
import threading
import time
from urllib.parse import urlsplit


class Refused(Exception):
    def __init__(self, status, problem, what):
        self.status, self.reason = status, problem.get("reason", "")
        super().__init__(f"{what}: {status} {self.reason} {problem.get('detail_en', problem.get('detail', ''))}")


def totp(secret, step):
    """The six digits of an authenticator app (RFC 6238) in the 30 seconds number `step`."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000)


def step_now():
    return int(time.time()) // 30


class Caller:
    """One who calls; from any thread, each with a connection of its own."""

    def __init__(self, url, key=None):
        self.address = urlsplit(url).netloc
        self.origin = f"http://localhost:{urlsplit(url).port}"  # of the pages where people sign in
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.own = threading.local()

    def open(self, method, path, body, headers):
        for last in (False, True):
            connection = getattr(self.own, "connection", None)
            if connection is None:
                connection = self.own.connection = http.client.HTTPConnection(self.address, timeout=60)
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return answer, answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                self.own.connection = None
                if last:
                    raise

    def call(self, method, path, value=None, body=None, **more):
        """The answer's JSON (or bytes). `value` is sent as JSON, `body` as it is; `more` are headers with _ for -."""
        headers = {**self.headers, **{name.replace("_", "-"): text for name, text in more.items()}}
        if value is not None:
            body = json.dumps(value, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        for _ in range(8):
            answer, content = self.open(method, path, body, headers)
            if answer.status not in (429, 503):
                break
            time.sleep(float(answer.headers.get("Retry-After", "0.5")))
        self.answer = answer
        is_json = answer.headers.get("Content-Type", "").split(";")[0].endswith("json")
        if answer.status >= 400:
            raise Refused(answer.status, json.loads(content) if is_json else {"detail": content[:200].decode("utf-8", "replace")},
                          f"{method} {path}")
        return json.loads(content) if is_json else content

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, value):
        return self.call("POST", path, value)

    def items(self, path, most=1000):
        """The items of a list over its pages."""
        found = []
        while path and len(found) < most:
            page = self.get(path)
            found += page["items"]
            path = page.get("next")
        return found

    def upload(self, content, name, organisation):
        """Gives the upload's id (tus 1.0.0, the file within the creation)."""
        answer, said = self.open("POST", f"/api/v1/uploads?organisation={organisation}", content, {
            **self.headers, "Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)),
            "Content-Type": "application/offset+octet-stream",
            "Upload-Metadata": "filename " + base64.b64encode(name.encode()).decode()})
        if answer.status != 201 or answer.headers.get("Upload-Offset") != str(len(content)):
            raise Refused(answer.status, {"detail": said[:300].decode("utf-8", "replace")}, "POST /api/v1/uploads")
        return answer.headers["Location"].rsplit("/", 1)[1]


class Person(Caller):
    """Somebody who signs in."""

    def enrol(self, code, password):
        """Sets a password and an authenticator app with an invitation; gives the app's secret."""
        enrolment = self.post("/api/v1/enrolment", {"code": code})["enrolment"]
        self.call("PUT", "/api/v1/me/password", {"password": password}, Truc_Enrolment=enrolment)
        step = self.call("POST", "/api/v1/me/totp/options", Truc_Enrolment=enrolment)
        # The code of the 30 seconds before, so that the present one is still good for signing in.
        self.call("PUT", "/api/v1/me/totp", {"ceremony": step["ceremony"], "code": totp(step["secret"], step_now() - 1)},
                  Truc_Enrolment=enrolment)
        return step["secret"]

    def sign_in(self, login, password, codes):
        """With the password and the first of `codes` that is taken."""
        for code in codes:
            begun = self.post("/api/v1/session/password", {"login": login, "password": password})
            try:
                session = self.post("/api/v1/session/totp", {"ceremony": begun["ceremony"], "code": code})
                break
            except Refused as refused:
                if code == codes[-1] or refused.reason != "identity.code_refused":
                    raise
        cookie = self.answer.headers["Set-Cookie"].split(";")[0]
        self.headers = {"Cookie": cookie, "X-CSRF-Token": session["csrf"], "Origin": self.origin}
        return self
