"""Files that are handed in piece by piece, over whatever breaks on the way."""
import json
import os
import signal
import socket
import urllib.error
import urllib.request

from truc_program import RECEIVER, SENDER, expect, expect_in, until


class Caller:
    """A system that calls the API with a key of its own."""

    def __init__(self, place, system):
        self.secret = place.json("credential", "add", "-C", "site", system, "--name", "uploads")["secret"]

    def ask(self, url, method="GET", body=None, **headers):
        """Status, headers and body."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(url, body, {"Authorization": "Bearer " + self.secret,
                                                     "Tus-Resumable": "1.0.0", **headers}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read()

    def begin(self, server, size, query=""):
        status, headers, body = self.ask(server.url + "/api/v1/uploads" + query, "POST", b"", Upload_Length=str(size))
        assert status == 201, body
        return headers["Location"]

    def received(self, server, at):
        return int(self.ask(server.url + at, "HEAD")[1]["Upload-Offset"])

    def append(self, server, at, offset, content):
        return self.ask(server.url + at, "PATCH", content, Upload_Offset=str(offset),
                        Content_Type="application/offset+octet-stream")

    def break_off(self, server, at, content, size):
        """Says that `size` bytes come, sends `content` and hangs up."""
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as line:
            line.sendall((f"PATCH {at} HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer {self.secret}\r\n"
                          "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\n"
                          f"Upload-Offset: 0\r\nContent-Length: {size}\r\n\r\n").encode() + content)


def check_an_upload_survives_a_cut_line_and_a_killed_server(place):
    place.site()
    sender, recipient = Caller(place, SENDER), Caller(place, RECEIVER)
    server = place.serve()
    content = b"%PDF-1.7\n" + os.urandom(3_000_000)
    at = sender.begin(server, len(content))
    sender.break_off(server, at, content[:1_000_000], len(content))
    until(lambda: sender.received(server, at) == 1_000_000)  # all that had come
    server.end(signal.SIGKILL)
    server = place.serve()
    expect(sender.received(server, at), 1_000_000)
    expect(recipient.ask(server.url + at, "HEAD")[0], 404)
    expect(sender.append(server, at, 999_999, b"x")[0], 409)
    status, headers, body = sender.append(server, at, 1_000_000, content[1_000_000:])
    expect((status, headers["Upload-Offset"]), (204, str(len(content))))

    letter = {"to": [{"id": "G99"}], "code_number": "15", "code_notation": "SGĐ-VP", "subject": "V/v tải tệp lên",
              "promulgation_date": "2026/11/20", "type": "2", "type_name": "Công văn", "priority": "0",
              "signer_name": "Nguyễn Văn An",
              "attachments": [{"upload": at.rsplit("/", 1)[1], "name": "văn bản.pdf"}]}

    def hand_in():
        status, _, body = sender.ask(server.url + "/api/v1/submissions", "POST", json.dumps(letter).encode(),
                                     Content_Type="application/json")
        return status, json.loads(body)

    status, accepted = hand_in()
    assert status == 201, accepted
    expect(hand_in(), (200, {**accepted, "resent": True, "deliveries": 0}))
    document = f"{server.url}/api/v1/documents/{accepted['id']}"
    expect(recipient.ask(document + "/attachments/1")[2], content)
    # The older protocol has it too.
    place.run("fetch", *server.as_receiver(), accepted["id"], "-o", "received.edxml")
    expect(place.json("edxml", "check", "received.edxml")["findings"], [])
    metrics = server.get("/metrics")[1]
    expect_in("truc_uploads_begun_total 0\n", metrics)  # of this run of the server
    expect_in(f"truc_upload_bytes_total {len(content) - 1_000_000}\n", metrics)
    expect_in("exchange.upload_complete", server.messages())
    expect(sender.ask(server.url + at, "DELETE")[0], 204)
    expect(os.listdir(place / "site/blobs/upload"), [])
    expect(server.end(), 0)
    place.run("verify", "-C", "site")


def check_uploads_keep_to_their_limits(place):
    place.site()
    config = place.read("site/truc.toml").decode()
    place.write("site/truc.toml", config.replace("[uploads]\n", "[uploads]\nmib_max = 1\ncaller_mib_max = 2\n"
                                                  "caller_files_max = 3\n"))
    sender = Caller(place, SENDER)
    server = place.serve()

    def refused(size):
        status, _, body = sender.ask(server.url + "/api/v1/uploads", "POST", b"", Upload_Length=str(size))
        return status, json.loads(body or b"{}").get("reason")

    expect(refused((1 << 20) + 1), (413, "exchange.upload_too_large"))
    sender.begin(server, 1 << 20)
    sender.begin(server, 1 << 20)
    expect(refused(1), (429, "exchange.upload_quota"))
    sender.begin(server, 0)
    expect(refused(0), (429, "exchange.upload_too_many"))
    expect(json.loads(server.get("/openapi.json")[1])["paths"]["/api/v1/uploads/{id}"].keys(),
           {"head", "patch", "delete", "post"})
