"""A server and its clients, from sending to recall, with backup, restore and verification."""
import json
import os
import shutil
import signal
import sqlite3
import threading

from truc_program import RECEIVER, SENDER, expect, expect_in, until


def check_a_document_travels_byte_for_byte(place):
    place.site()
    server = place.serve()
    for number, size in (("1", 10), ("2", 200_000), ("3", 5_000_001)):
        file = place.document(f"{number}.edxml", number=number, content=os.urandom(size))
        sent = server.send(file)
        expect(sent["status"], "OK")
        item = server.inbox()[-1]
        expect((item["from"], item["to"], item["status"]), ("H99.01", "G99", "initial"))
        place.run("fetch", *server.as_receiver(), item["docId"], "-o", "got.edxml")
        assert place.read("got.edxml") == place.read(file), size
        place.run("acknowledge", *server.as_receiver(), item["docId"], "done")
        expect(server.inbox(), [])
        track = place.json("track", *server.as_sender(), sent["DocId"])
        expect(track[0]["receiveStatus"], "done")
    expect_in("Không có văn bản chờ nhận", place.run("inbox", *server.as_receiver()).out)
    expect_in("Nothing waits", place.run("inbox", *server.as_receiver(), "--lang", "en").out)
    expect(server.end(), 0)
    place.run("verify", "-C", "site")


def check_what_is_overdue_is_listed_until_the_recipient_answers(place):
    place.site()
    server = place.serve()
    sent = server.send(place.document("a.edxml", number="1"))
    expect_in("Hạn trả lời", place.run("track", *server.as_sender(), sent["DocId"]).out)
    expect(place.json("late", "-C", "site"), {"total": 0, "items": []})
    with sqlite3.connect(f"{place.path}/site/truc.db") as database:  # as if it had come ten days ago
        database.execute("update document set accepted_at = accepted_at - 864000000000")
    database.close()
    late = place.json("late", "-C", "site")
    expect((late["total"], late["items"][0]["to"], late["items"][0]["urgent"]), (1, "G99", False))
    assert late["items"][0]["late_minutes"] > 5 * 60, late
    expect_in("trễ", place.run("track", *server.as_sender(), sent["DocId"]).out)
    expect_in("1 deliveries wait", place.run("late", "-C", "site", "--lang", "en").out)
    place.run("acknowledge", *server.as_receiver(), server.inbox()[0]["docId"], "done")
    expect_in("Không có văn bản nào quá hạn", place.run("late", "-C", "site").out)
    expect(server.end(), 0)


def check_statuses_come_back_to_the_sender(place):
    place.site()
    server = place.serve()
    sent = server.send(place.document())["DocId"]
    item = server.inbox()[0]["docId"]
    for code in ("01", "03", "05", "06"):
        place.run("status", *server.as_receiver(), item, code)
        expect(place.json("track", *server.as_sender(), sent)[0]["businessStatus"], code)
    expect(len(place.json("inbox", *server.as_sender(), "--status")), 4)
    expect_in("Hoàn thành", place.run("track", *server.as_sender(), sent).out)
    for code in ("13", "99", "1 ", " 0", "3", ""):
        expect_in("cli.bad_status", place.run("status", *server.as_receiver(), item, code, code=1).err)
    expect_in("--reason", place.run("status", *server.as_receiver(), item, "02", code=1).err)
    place.run("status", *server.as_receiver(), item, "02", "--reason", "Không đúng thẩm quyền")
    expect_in("cli.not_sent_by_you", place.run("track", *server.as_receiver(), sent, code=1).err)


def check_recall_before_and_after_the_fetch(place):
    place.site()
    server = place.serve()
    before = server.send(place.document("a.edxml", number="1"))["DocId"]
    place.run("recall", *server.as_sender(), before, "--reason", "Gửi nhầm")
    expect(place.json("track", *server.as_sender(), before)[0]["receiveStatus"], "withdrawn")
    expect(server.inbox(), [])
    expect_in("thu hoi", place.run("fetch", *server.as_receiver(), before, "-o", "x", code=1).err.lower())
    assert not os.path.exists(place / "x") and not os.path.exists(place / "x.partial")
    after = server.send(place.document("b.edxml", number="2"))["DocId"]
    item = server.inbox()[0]["docId"]
    place.run("fetch", *server.as_receiver(), item)
    assert os.path.exists(place / f"{item}.edxml")
    place.run("recall", *server.as_sender(), after, "--reason", "Gửi nhầm", "--to", "G99")
    expect_in("yêu cầu", place.json("track", *server.as_sender(), after)[0]["recallDesc"])
    expect(len(place.json("inbox", *server.as_receiver(), "--status")), 1)
    place.run("status", *server.as_receiver(), item, "15")
    place.run("fetch", *server.as_receiver(), item, "-o", "x", code=1)
    expect_in("Đã lấy lại", place.run("track", *server.as_sender(), after).out)


def check_who_the_client_is_may_come_from_the_environment_or_the_site(place):
    place.site()
    server = place.serve()
    env = {"TRUC_URL": server.url, "TRUC_SYSTEM": RECEIVER, "TRUC_SECRET_FILE": place / "receiver.secret"}
    expect(place.json("inbox", env=env), [])
    toml = f'[client]\nurl = "{server.url}"\nsystem = "{RECEIVER}"\nsecret_file = "{place / "receiver.secret"}"\n'
    place.write("client/truc.toml", toml)
    expect(place.json("inbox", "-C", "client"), [])
    # The flag wins over the environment, the environment over the file.
    expect_in("(15)", place.run("inbox", "-C", "client", "--system", SENDER, env=env, code=1).err)
    expect_in("(15)", place.run("inbox", "-C", "client", env={"TRUC_SYSTEM": SENDER}, code=1).err)


def check_refusals_carry_the_servers_words(place):
    place.site()
    server = place.serve()
    file = place.document(to=("LA-1", "LA-2"))
    expect_in("LA-1, LA-2", place.run("send", *server.as_sender(), file, code=1).err)
    mixed = place.document("b.edxml", number="2", to=("LA-1", "G99"))
    expect_in("LA-1", server.send(mixed)["ErrorDesc"])
    foreign = place.document("c.edxml", number="3", **{"from": {"id": "G99", "name": "Bộ"}})
    expect_in("Don vi gui G99 khong dung voi ma da dang ky: 00.99.W00",
              place.run("send", *server.as_sender(), foreign, code=1).err)
    secret = place.document("d.edxml", number="4")
    text = place.read(secret).decode().replace("V/v thử", "[TỐI MẬT] V/v thử")
    place.write("d.edxml", text)
    expect_in("28/2018", place.run("send", *server.as_sender(), "d.edxml", code=1).err)


def check_commands_beside_a_running_server(place):
    place.site()
    server = place.serve()
    place.run("system", "disable", "-C", "site", RECEIVER)

    def refused():
        try:
            place.run("inbox", *server.as_receiver(), code=1)
            return True
        except AssertionError:
            return False

    until(refused)
    place.run("system", "enable", "-C", "site", RECEIVER)
    until(lambda: not refused())
    place.write("new.csv", "code,name\nMOI,Cơ quan mới\n")
    place.run("organisation", "import", "-C", "site", "new.csv")
    until(lambda: server.send(place.document("n.edxml", number="9", to=("MOI", "G99")))["ErrorDesc"] == "Thanh cong")
    place.run("doctor", "-C", "site")
    place.run("verify", "-C", "site")
    expect(place.json("system", "list", "-C", "site")[0]["enabled"], True)


def check_operators_look_at_the_server(place):
    place.site()
    server = place.serve()
    for path in ("/healthz", "/readyz"):
        status, body = server.get(path)
        expect((status, json.loads(body)["ok"]), (200, True))
    server.send(place.document())
    status, body = server.get("/metrics")
    expect(status, 200)
    expect_in("truc_documents_accepted_total 1\n", body)
    expect_in("truc_deliveries_total 1\n", body)
    expect_in("truc_organisations 5\n", body)
    for line in body.splitlines():
        assert line.startswith("#") or len(line.rsplit(" ", 1)) == 2, line
        if not line.startswith("#"):
            float(line.rsplit(" ", 1)[1])
    expect(server.get("/khong-co")[0], 404)
    for secret in ("secret of sender", "secret-of-receiver", "V/v thử"):
        assert secret not in server.messages()
    for line in server.messages().splitlines():
        json.loads(line)


def check_serve_starts_and_stops_as_asked(place):
    place.site()
    server = place.serve()
    port = server.url.rsplit(":", 1)[1]
    expect_in("http.address_in_use", place.run("serve", "-C", "site", "--listen", f"127.0.0.1:{port}", code=1).err)
    for listen in ("abc", "127.0.0.1:99999", "127.0.0.1", ":x"):
        expect_in("cli.bad_address", place.run("serve", "-C", "site", "--listen", listen, code=1).err)
    expect_in("http.plain_refused", place.run("serve", "-C", "site", "--listen", "0.0.0.0:0", code=1).err)
    server.process.send_signal(signal.SIGHUP)
    until(lambda: "certificates_reloaded" in server.messages() or "reload_failed" in server.messages())
    expect(server.get("/healthz")[0], 200)
    expect(server.end(signal.SIGTERM), 0)
    again = place.serve()
    expect(again.end(signal.SIGINT), 0)


def check_backup_while_serving_restore_and_verify(place):
    place.site()
    server = place.serve()
    sent = [server.send(place.document(f"{n}.edxml", number=str(n), content=os.urandom(100_000 if n == 2 else 100)))["DocId"]
            for n in range(4)]
    stop, errors = threading.Event(), []

    def keep_sending():
        number = 100
        while not stop.is_set():
            try:
                server.send(place.document("more.edxml", number=str(number)))
            except AssertionError as error:
                errors.append(error)
            number += 1

    sending = threading.Thread(target=keep_sending)
    sending.start()
    try:
        counted = place.json("backup", "-C", "site", "kept")["documents"]
    finally:
        stop.set()
        sending.join()
    expect(errors, [])
    assert counted >= 4
    assert not os.path.exists(place / "kept/secret.key")
    expect_in(f"{counted} văn bản", place.run("doctor", "-C", "site").out)
    expect_in("cli.backup_exists", place.run("backup", "-C", "site", "kept", code=1).err)
    expect_in("cli.backup_exists", place.run("doctor", "-C", "site").out)
    server.end()
    place.run("restore", "-C", "again", "kept")
    shutil.copy(place / "site/secret.key", place / "again/secret.key")
    expect(place.json("verify", "-C", "again")["documents"], counted)
    restored = place.serve("again")
    for n, document in enumerate(sent):
        place.run("fetch", *restored.as_receiver(), document, "-o", "got.edxml")
        assert place.read("got.edxml") == place.read(f"{n}.edxml"), n
    restored.send(place.document("new.edxml", number="999"))
    expect_in("cli.site_exists", place.run("restore", "-C", "again", "kept", code=1).err)
    os.remove(place / "kept/truc.toml")
    expect_in("cli.backup_unfinished", place.run("restore", "-C", "third", "kept", code=1).err)
    assert not os.path.exists(place / "third")
    expect_in("cli.no_backup", place.run("restore", "-C", "third", "sender.secret", code=1).err)


def check_verify_finds_tampering_and_names_it(place):
    place.site()
    server = place.serve()
    packed = server.send(place.document("a.edxml", number="1"))["DocId"]
    filed = server.send(place.document("b.edxml", number="2", content=os.urandom(200_000)))["DocId"]
    server.end()
    expect(place.json("verify", "-C", "site")["ok"], True)
    expect_in("Nguyên vẹn", place.run("verify", "-C", "site").out)
    expect_in("Intact", place.run("verify", "-C", "site", "--lang", "en").out)

    shutil.copytree(place / "site", place / "bytes")
    for folder, _, names in os.walk(place / "bytes/blobs"):
        for name in names:
            with open(os.path.join(folder, name), "r+b") as file:
                file.seek(500)
                byte = file.read(1)[0]
                file.seek(500)
                file.write(bytes([byte ^ 1]))
    said = place.run("verify", "-C", "bytes", code=1).out
    expect_in(packed, said)
    expect_in(filed, said)
    place.run("verify", "-C", "bytes", "--quick")

    shutil.copytree(place / "site", place / "journal")
    database = sqlite3.connect(place / "journal/truc.db")
    last = database.execute("select max(seq) from journal").fetchone()[0]
    database.execute("update journal set body = '{}' where seq = ?", (last - 1,))
    database.commit()
    database.close()
    expect_in(f"mục {last - 1} ", place.run("verify", "-C", "journal", code=1).out)
    expect_in(f"entry {last - 1}", place.run("verify", "-C", "journal", "--lang", "en", code=1).out)
    # And nothing is accepted on top of it.
    expect_in("store.journal_damaged", place.run("serve", "-C", "journal", "--listen", "127.0.0.1:0", code=1).err)
    place.run("doctor", "-C", "journal", code=1)

    shutil.copytree(place / "site", place / "rows")
    database = sqlite3.connect(place / "rows/truc.db")
    database.execute("delete from delivery where id = (select max(id) from delivery)")
    database.commit()
    database.close()
    findings = place.json("verify", "-C", "rows", code=1)["findings"]
    assert any(filed in one["vi"] for one in findings), findings
