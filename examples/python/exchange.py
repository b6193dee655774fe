#!/usr/bin/env python3
"""Sends and receives documents through Trúc's API; Python 3.9 or later, nothing to install.

  exchange.py send FILE.edxml            hands a document in; prints its id
  exchange.py upload FILE.edxml          the same for a large one: run again, it goes on where it broke off
  exchange.py inbox [SECONDS]            waits for documents; prints: delivery document code
  exchange.py receive DELIVERY FILE      stores the file, acknowledges it, reports 03 (accepted)
  exchange.py trace DOCUMENT             prints where it is: recipient state status

Environment: TRUC_URL (https://truc.example.vn), TRUC_SYSTEM (00.11.W00) and TRUC_SECRET_FILE, the file with the client
secret that the operator issued."""
import base64
import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid


class Problem(Exception):
    """An error of the exchange: `reason` never changes and is for programs, the detail is for people."""

    def __init__(self, status, problem):
        self.status = status
        self.reason = problem.get("reason", "")
        self.pointer = problem.get("pointer", "")  # what is wrong: /result, or a parameter
        detail_vi = problem.get("detail_vi") or problem.get("error_description_vi") or problem.get("detail", "")
        detail_en = problem.get("detail_en") or problem.get("error_description", "")
        super().__init__(f"{status} {self.reason}: {detail_vi} / {detail_en}")


class Exchange:
    def __init__(self, url, system, secret):
        self.url, self.system, self.secret = url.rstrip("/"), system, secret
        self.token, self.token_until = "", 0.0

    def open(self, method, path, body=None, headers=None):
        """Gives the answer, still to be read. Repeats what may be repeated: no answer, 429, 503."""
        for attempt in range(1, 6):
            request = urllib.request.Request(self.url + path, body, headers or {}, method=method)
            try:
                return urllib.request.urlopen(request, timeout=60)
            except urllib.error.HTTPError as refused:
                content = refused.read()
                if refused.code in (429, 503) and attempt < 5:
                    time.sleep(float(refused.headers.get("Retry-After", attempt)))
                    continue
                try:
                    problem = json.loads(content)
                except ValueError:  # not from the exchange: a proxy before it
                    problem = {"detail": content[:200].decode("utf-8", "replace")}
                raise Problem(refused.code, problem) from None
            except OSError:
                if attempt == 5:
                    raise
                time.sleep(attempt)

    def authorization(self):
        """A token, fetched anew a minute before it ends."""
        if time.monotonic() > self.token_until - 60:
            quoted = ":".join(urllib.parse.quote(part, safe="") for part in (self.system, self.secret))
            with self.open("POST", "/oauth/token", b"grant_type=client_credentials", {
                    "Authorization": "Basic " + base64.b64encode(quoted.encode()).decode(),
                    "Content-Type": "application/x-www-form-urlencoded"}) as answer:
                token = json.load(answer)
            self.token, self.token_until = token["access_token"], time.monotonic() + token["expires_in"]
        return {"Authorization": "Bearer " + self.token}

    def call(self, method, path, json_body=None):
        headers = self.authorization()
        body = None
        if json_body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(json_body).encode()
        with self.open(method, path, body, headers) as answer:
            return json.load(answer)

    def send(self, file):
        """Gives the document's id. It is on disk at the exchange when this returns."""
        with open(file, "rb") as opened:
            content = opened.read()
        headers = {**self.authorization(), "Content-Type": "application/edxml+xml",
                   # Makes repeating safe: whatever happened to the first answer, there is one document.
                   "Idempotency-Key": str(uuid.uuid4())}
        with self.open("POST", "/api/v1/submissions", content, headers) as answer:
            accepted = json.load(answer)
        for code in accepted["unknown"]:
            print(f"nobody has the code {code}", file=sys.stderr)
        return accepted["id"]

    def upload(self, file):
        """As send(), by the tus protocol (https://tus.io/protocols/resumable-upload): in constant memory, and a next
        call goes on where this one broke off. FILE.upload remembers the address."""
        size, remembered = os.path.getsize(file), file + ".upload"
        if not os.path.exists(remembered):
            with self.tus("POST", "/api/v1/uploads", b"", {"Upload-Length": str(size)}) as answer:
                path = answer.headers["Location"]
            with open(remembered, "w", encoding="ascii") as kept:
                kept.write(path)
        with open(remembered, encoding="ascii") as kept:
            path = kept.read()
        try:
            with self.tus("HEAD", path) as answer:
                offset = int(answer.headers["Upload-Offset"])
            with open(file, "rb") as content:
                while offset < size:
                    content.seek(offset)
                    piece = content.read(8 << 20)
                    headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
                    with self.tus("PATCH", path, piece, headers) as answer:
                        offset = int(answer.headers["Upload-Offset"])  # on disk there
        except Problem as problem:
            if problem.status in (404, 410):  # it has expired: the next call begins anew
                os.remove(remembered)
            raise
        accepted = self.call("POST", "/api/v1/submissions", {"upload": path.rsplit("/", 1)[1]})
        os.remove(remembered)
        return accepted["id"]

    def tus(self, method, path, body=None, headers=None):
        return self.open(method, path, body, {**self.authorization(), "Tus-Resumable": "1.0.0", **(headers or {})})

    def inbox(self):
        """What waits: urgent first, then the oldest. An item stays until it is acknowledged."""
        path = "/api/v1/deliveries"
        while path:
            page = self.call("GET", path)
            yield from page["items"]
            path = page.get("next")  # not there on the last page

    def receive(self, delivery, file):
        """Stores the document in `file`, byte for byte; only then acknowledges it, and reports 03 (accepted)."""
        document = self.call("GET", f"/api/v1/deliveries/{delivery}")["document"]
        with self.open("GET", f"/api/v1/documents/{document}/content", headers=self.authorization()) as answer:
            with open(file + ".part", "wb") as stored:
                shutil.copyfileobj(answer, stored)
                stored.flush()
                os.fsync(stored.fileno())
        os.replace(file + ".part", file)
        self.call("POST", f"/api/v1/deliveries/{delivery}/acknowledgement", {"result": "done"})
        return self.call("POST", f"/api/v1/deliveries/{delivery}/status", {"code": "03"})

    def trace(self, document):
        return self.call("GET", f"/api/v1/documents/{document}/deliveries")["items"]


def main():
    arguments = sys.argv[1:]
    if not arguments or arguments[0] not in ("send", "upload", "inbox", "receive", "trace"):
        print(__doc__, file=sys.stderr)
        return 2
    with open(os.environ["TRUC_SECRET_FILE"], encoding="utf-8") as file:
        exchange = Exchange(os.environ["TRUC_URL"], os.environ["TRUC_SYSTEM"], file.read().strip())
    command, rest = arguments[0], arguments[1:]
    try:
        if command == "send":
            print(exchange.send(rest[0]))
        elif command == "upload":
            print(exchange.upload(rest[0]))
        elif command == "inbox":
            end = time.monotonic() + float(rest[0] if rest else 0)
            items = list(exchange.inbox())
            while not items and time.monotonic() < end:
                time.sleep(1)
                items = list(exchange.inbox())
            for item in items:
                print(item["id"], item["document"], item["code"])
        elif command == "receive":
            now = exchange.receive(*rest)
            print(now["state"], now["status"]["code"])
        elif command == "trace":
            for item in exchange.trace(rest[0]):
                print(item["recipient"]["code"], item["state"], item.get("status", {}).get("code", "-"))
    except (Problem, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
