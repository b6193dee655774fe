"""Commands that need no server."""
import json
import os
import stat

from truc_program import RECEIVER, SENDER, expect, expect_in


def check_init_makes_a_site_once(place):
    said = place.run("init", "site").out
    expect_in("secret.key", said)
    expect_in("truc serve -C site", said)
    expect(stat.S_IMODE(os.stat(place / "site/secret.key").st_mode), 0o600)
    expect(len(place.read("site/secret.key")), 32)
    key = place.read("site/secret.key")
    expect_in("[cli.site_exists]", place.run("init", "site", code=1).err)
    expect(place.read("site/secret.key"), key)
    expect(json.loads(place.run("init", "other", "--json").out)["site"], "other")


def check_wrong_use_exits_2(place):
    for arguments in ([], ["khong-co"], ["init"], ["serve"], ["--khong-co"], ["organisation"], ["system"],
                      ["organisation", "import", "-C", "site"], ["system", "add", "-C", "site"], ["edxml"],
                      ["acknowledge", "id", "perhaps"], ["recall", "id"], ["send"], ["fetch"], ["status", "id"],
                      ["init", "a", "b"], ["inbox", "--json=vâng"]):
        place.run(*arguments, code=2)


def check_help_and_words_in_both_languages(place):
    expect_in("Trúc", place.run("--help").out)
    expect_in("trục liên thông", place.run("--help").out)
    expect_in("the exchange of signed e-documents", place.run("--help", env={"TRUC_LANG": "en"}).out)
    expect_in("the exchange of signed e-documents", place.run("--lang", "en", "--help").out)
    expect_in("the exchange of signed e-documents", place.run("--help", "--lang=en").out)
    expect_in("create a site", place.run("init", "--help", "--lang", "en").out)
    expect_in("tạo một máy chủ mới", place.run("init", "--help").out)
    expect_in("chưa là thư mục của Trúc", place.run("verify", "-C", "khong-co", code=1).err)
    expect_in("is not a site", place.run("verify", "-C", "khong-co", "--lang", "en", code=1).err)
    expect_in("is not a site", place.run("verify", "-C", "khong-co", env={"LANG": "en_US.UTF-8"}, code=1).err)
    expect_in("chưa là thư mục", place.run("verify", "-C", "khong-co", "--lang", "vi", env={"LANG": "en_US.UTF-8"}, code=1).err)
    expect_in("truc ", place.run("--version").out)


def check_errors_as_json(place):
    error = json.loads(place.run("verify", "-C", "khong-co", "--json", code=1).err)
    expect(error["error"], "cli.no_site")
    assert error["vi"] != error["en"]


def check_organisations_are_imported_and_listed(place):
    place.run("init", "site")
    place.write("a.csv", "\ufeffCode,Name,old_code,effective_from,effective_to,successor\r\nH99.01,\"Sở \"\"A\"\", B\",000.00.01.H99,,,\r\n"
                         "\r\nH99.02,Sở cũ,,2020/01/01,2025-07-01,H99.01\r\n")
    expect_in("2", place.run("organisation", "import", "-C", "site", "a.csv").out)
    listed = {o["code"]: o for o in place.json("organisation", "list", "-C", "site")}
    expect(listed["H99.01"]["name"], 'Sở "A", B')
    expect(listed["H99.01"]["effective"], True)
    expect(listed["H99.02"]["effective"], False)
    expect(listed["H99.02"]["successor"], "H99.01")
    table = place.run("organisation", "list", "-C", "site").out
    expect_in("hết hiệu lực", table)
    expect_in("not in force", place.run("organisation", "list", "-C", "site", "--lang", "en").out)


def check_a_bad_csv_names_line_and_column_and_changes_nothing(place):
    place.run("init", "site")
    bad = {
        "code,name\nH1,A\nH 2,B\n": ["a.csv:3", "code", "H 2"],
        "code,name\nH1,A\n,B\n": ["a.csv:3", "code"],
        "code,effective_to\nH1,\nH2,31/13/2025\n": ["a.csv:3", "effective_to", "31/13/2025"],
        "code,effective_from\nH1,mai\n": ["a.csv:2", "effective_from", "mai"],
        "name,parent\nA,B\n": ["a.csv:1", "code"],
        "code,ten\nH1,A\n": ["a.csv:1", "ten"],
        "code,name\nH1,A,thừa\n": ["a.csv:2"],
        "code,name\nH1,\"A\nB\nH2,C\n": ["a.csv:"],
        "code,name\n\"H1\",\"dòng\nhai\"\nH 3,C\n": ["a.csv:4", "H 3"],
    }
    for text, parts in bad.items():
        place.write("a.csv", text)
        for language in ("vi", "en"):
            said = place.run("organisation", "import", "-C", "site", "a.csv", "--lang", language, code=1).err
            for part in parts:
                expect_in(part, said)
    place.write("a.csv", "code,name\nH1,Sở\n".encode("utf-16"))
    expect_in("UTF-8", place.run("organisation", "import", "-C", "site", "a.csv", code=1).err)
    place.run("organisation", "import", "-C", "site", "khong-co.csv", code=1)
    expect(place.json("organisation", "list", "-C", "site"), [])


def check_systems_are_added_listed_disabled_and_enabled(place):
    place.site()
    listed = {s["id"]: s for s in place.json("system", "list", "-C", "site")}
    expect(listed[RECEIVER]["organisations"], 2)
    expect(listed[SENDER]["enabled"], True)
    expect_in("enable", place.run("system", "disable", "-C", "site", SENDER).out)
    expect_in("đã khóa", place.run("system", "list", "-C", "site").out)
    place.run("system", "enable", "-C", "site", SENDER)
    expect_in("hoạt động", place.run("system", "list", "-C", "site").out)
    expect_in("identity.system_unknown", place.run("system", "disable", "-C", "site", "00.00.W00", code=1).err)
    place.write("short.secret", "1234567\n")
    expect_in("identity.weak_secret",
              place.run("system", "add", "-C", "site", "00.97.W00", "--secret-file", "short.secret", code=1).err)
    place.write("codes.txt", "K97\n\n K96 \n")
    place.run("system", "add", "-C", "site", "00.97.W00", "--secret-file", "sender.secret", "--organisations-file", "codes.txt")
    served = {o["code"] for o in place.json("organisation", "list", "-C", "site") if o["system"] == "00.97.W00"}
    expect(served, {"K96", "K97"})
    # Without a secret it keeps the one that it has; a new system needs one.
    place.run("system", "add", "-C", "site", "00.97.W00", "--organisation", "K95")
    expect({s["id"]: s for s in place.json("system", "list", "-C", "site")}["00.97.W00"]["organisations"], 3)
    expect_in("--secret-file",
              place.run("system", "add", "-C", "site", "00.96.W00", "--organisation", "K95", code=1).err)


def check_adding_to_a_disabled_system_does_not_enable_it(place):
    place.site()
    place.run("system", "disable", "-C", "site", RECEIVER)
    add = ["system", "add", "-C", "site", RECEIVER, "--secret-file", "sender.secret", "--organisation", "K94"]
    expect_in(f"truc system enable {RECEIVER}", place.run(*add, code=1).err)
    expect_in("is disabled", place.run(*add, "--lang", "en", code=1).err)

    def enabled():
        return {s["id"]: s["enabled"] for s in place.json("system", "list", "-C", "site")}[RECEIVER]

    expect(enabled(), False)
    assert "K94" not in {o["code"] for o in place.json("organisation", "list", "-C", "site")}
    expect_in("--secret-file", place.run("system", "enable", "--help").out)
    place.write("short.secret", "1234567\n")
    expect_in("identity.weak_secret",
              place.run("system", "enable", "-C", "site", RECEIVER, "--secret-file", "short.secret", code=1).err)
    expect(enabled(), False)
    # After a leak: let in again with a new secret, never with the old one.
    place.write("new.secret", "a-new-secret-of-the-receiver")
    place.run("system", "enable", "-C", "site", RECEIVER, "--secret-file", "new.secret")
    expect(enabled(), True)
    server = place.serve()
    expect_in("(15)", place.run("inbox", *server.as_receiver(), code=1).err)
    expect(place.json("inbox", "--url", server.url, "--system", RECEIVER, "--secret-file", "new.secret"), [])
    place.run(*add)


def check_no_secret_in_the_site(place):
    place.site()
    for folder, _, names in os.walk(place / "site"):
        for name in names:
            content = place.read(os.path.join(folder, name))
            assert b"secret of sender" not in content and b"secret-of-receiver" not in content, name


def check_configuration_errors_name_the_key(place):
    place.site()
    toml = place.read("site/truc.toml").decode()
    place.write("site/truc.toml", toml + "\n[exchange2]\nlist_items_maxx = 3\n")
    expect_in("exchange2", place.run("verify", "-C", "site", code=1).err)
    for bad, key in (("[server]\nworkerz = 3\n", "server.workerz"), ("[server]\nworkers = 0\n", "server.workers"),
                     ("[server]\nworkers = \"nhiều\"\n", "server.workers"), ("[log]\nlevel = \"ồn\"\n", "log.level")):
        place.write("site/truc.toml", bad)
        for language in ("vi", "en"):
            said = place.run("serve", "-C", "site", "--listen", "127.0.0.1:0", "--lang", language, code=1).err
            expect_in(key, said)
    place.write("site/truc.toml", "this is not toml")
    expect_in("base.config_malformed", place.run("verify", "-C", "site", code=1).err)
    place.write("site/truc.toml", "")  # every default is safe
    place.run("verify", "-C", "site")


def check_the_working_calendar_is_shown_edited_and_imported(place):
    place.run("init", "site")
    lawful = place.run("calendar", "show", "2026", "-C", "site", "--csv").out
    expect_in("2026/02/17,holiday,Tết Âm lịch", lawful)
    expect(place.json("calendar", "show", "2026", "-C", "site")["announced"], False)
    place.write("2026.csv", (lawful + "2026/01/02,exchanged,Tết Dương lịch\n2026/01/10,worked,\n").encode())
    expect_in("14", place.run("calendar", "import", "-C", "site", "2026.csv").out)
    shown = place.json("calendar", "show", "2026", "-C", "site")
    expect(shown["announced"], True)
    expect_in({"day": "2026/01/10", "kind": "worked", "note": ""}, shown["days"])
    # A year without its holidays would make deadlines of days of rest.
    place.write("short.csv", b"day,kind\n2027-01-01,holiday\n")
    expect_in("identity.calendar_incomplete", place.run("calendar", "import", "-C", "site", "short.csv", code=1).err)
    place.write("wrong.csv", b"day,kind\n2027-01-01,holidays\n")
    expect_in("wrong.csv:2", place.run("calendar", "import", "-C", "site", "wrong.csv", code=1).err)
    expect(place.json("calendar", "show", "2027", "-C", "site")["announced"], False)


def check_edxml_packs_and_unpacks_to_the_same(place):
    content = os.urandom(300_000)
    place.document("a.edxml", content=content, number="27", to=("G99", "H98.01"), priority="2")
    said = place.json("edxml", "check", "a.edxml")
    expect(said["ok"], True)
    expect(said["document"]["code_number"], "27")
    expect([o["id"] for o in said["document"]["to"]], ["G99", "H98.01"])
    unpacked = place.json("edxml", "unpack", "a.edxml", "out")
    expect(len(unpacked["files"]), 1)
    expect(place.read("out/văn bản.pdf"), content)
    place.run("edxml", "pack", "out", "-o", "b.edxml")
    place.run("edxml", "unpack", "b.edxml", "out2")
    expect(place.read("out2/văn bản.pdf"), content)
    first, second = json.loads(place.read("out/document.json")), json.loads(place.read("out2/document.json"))
    expect(second, first)
    # What is there is never overwritten.
    place.run("edxml", "unpack", "a.edxml", "out", code=1)


def check_edxml_check_explains_in_both_languages(place):
    place.document("a.edxml")
    good = place.read("a.edxml").decode()
    place.write("mat.edxml", good.replace("V/v thử lệnh truc", "[MẬT] V/v thử"))
    said = place.run("edxml", "check", "mat.edxml", code=1).out
    expect_in("28/2018", said)
    expect_in("State secrets", place.run("edxml", "check", "mat.edxml", "--lang", "en", code=1).out)
    expect(place.json("edxml", "check", "mat.edxml", code=1)["ok"], False)
    place.write("dut.edxml", good[: len(good) // 2])
    expect_in("edxml.not_well_formed", place.run("edxml", "check", "dut.edxml", code=1).err)
    place.run("edxml", "check", "khong-co.edxml", code=1)


def check_hostile_attachment_names_stay_in_the_directory(place):
    place.document("a.edxml")
    text = place.read("a.edxml").decode()
    for name in ("../../thoat.pdf", "/tmp/thoat.pdf", "..", "document.json", "a\\b.pdf", ".an.pdf"):
        place.write("b.edxml", text.replace("văn bản.pdf", name))
        before = set(os.listdir(place.path)) | {"out"}
        files = place.json("edxml", "unpack", "b.edxml", "out")["files"]
        expect(len(files), 1)
        expect(os.path.dirname(os.path.realpath(place / files[0])), os.path.realpath(place / "out"))
        expect(set(os.listdir(place.path)), before)
        json.loads(place.read("out/document.json"))
        for left in os.listdir(place / "out"):
            os.remove(place / f"out/{left}")


def check_pack_names_what_is_wrong_in_document_json(place):
    place.document("a.edxml")
    header = json.loads(place.read("a.edxml.d/document.json"))
    for change, part in (({"subjekt": "x"}, "subjekt"), ({"operation": 7}, "operation"), ({"subject": ["x"]}, "subject"),
                         ({"to": []}, "edxml.to_missing"), ({"attachments": [{"file": "khong-co.pdf"}]}, "khong-co.pdf")):
        place.write("a.edxml.d/document.json", json.dumps({**header, **change}, ensure_ascii=False))
        expect_in(part, place.run("edxml", "pack", "a.edxml.d", "-o", "b.edxml", code=1).err)
    place.write("a.edxml.d/document.json", "{")
    place.run("edxml", "pack", "a.edxml.d", "-o", "b.edxml", code=1)


def check_doctor_says_what_to_mend(place):
    place.run("init", "empty")
    expect_in("truc system add", place.run("doctor", "-C", "empty", code=1).out)
    place.site()
    told = place.json("doctor", "-C", "site")
    expect(told["ok"], True)
    assert any("no whole backup" in one["en"] and one.get("warning") for one in told["checks"]), told
    os.chmod(place / "site/secret.key", 0o644)
    expect_in("chmod 600", place.run("doctor", "-C", "site", code=1).out)
    os.chmod(place / "site/secret.key", 0o600)
    os.rename(place / "site/secret.key", place / "key")
    told = place.json("doctor", "-C", "site", "--lang", "en", code=1)
    assert any("secret.key" in one["en"] and not one["ok"] for one in told["checks"]), told
    place.write("site/secret.key", os.urandom(32))  # another site's key
    os.chmod(place / "site/secret.key", 0o600)
    expect_in("secret.key", place.run("doctor", "-C", "site", code=1).out)


def check_clients_say_how_to_name_the_server(place):
    for arguments in (["inbox"], ["send", "x.edxml"], ["fetch", "x"], ["track", "x"]):
        place.document("x.edxml")
        said = place.run(*arguments, code=1).err
        expect_in("cli.no_server", said)
        expect_in("TRUC_URL", said)
