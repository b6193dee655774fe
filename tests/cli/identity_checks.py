"""People with their posts, and the credentials with which systems sign in."""
import os

from truc_program import SENDER, expect, expect_in


def check_people_get_posts_that_give_no_documents_here(place):
    place.site()
    add = ["person", "add", "-C", "site"]
    said = place.run(*add, "an.nguyen", "--given-name", "An", "--post", "Quản trị hệ thống", "--role", "operator").out
    expect_in("truc person invite -C site an.nguyen", said)
    place.run(*add, "hoa", "--given-name", "Hoa", "--family-name", "Lê", "--post", "Quản trị", "--role", "unit_admin",
              "--organisation", "G99")
    # Whoever administers the machine does not make themselves a clerk.
    expect_in("[identity.documents_post]", place.run(*add, "lan", "--given-name", "Lan", "--post", "Văn thư", "--role",
                                                      "clerk", "--organisation", "G99", code=1).err)
    expect([], [p for p in place.json("person", "list", "-C", "site", "--organisation", "G99") if p["login"] == "lan"])
    for wrong, reason in ((["--role", "king"], "cli.role_unknown"), (["--role", "clerk"], "identity.bad_post"),
                          (["--role", "auditor", "--organisation", "NOBODY"], "identity.organisation_unknown")):
        expect_in(f"[{reason}]", place.run(*add, "x.y", "--given-name", "X", "--post", "P", *wrong, code=1).err)
    expect([("hoa", "Lê Hoa", True)], [(p["login"], p["name"], p["enabled"])
                                        for p in place.json("person", "list", "-C", "site", "--organisation", "G99")])
    code = place.json("person", "invite", "-C", "site", "hoa")["code"]
    expect(code in place.json("person", "invite", "-C", "site", "hoa")["code"], False)
    expect_in("[cli.login_unknown]", place.run("person", "invite", "-C", "site", "nobody", code=1).err)
    place.run("person", "disable", "-C", "site", "hoa")
    expect_in("đã khóa", place.run("person", "list", "-C", "site", "--organisation", "G99").out)
    place.run("person", "enable", "-C", "site", "hoa")
    expect_in("[cli.login_unknown]", place.run("person", "enable", "-C", "site", "nobody", code=1).err)


def check_credentials_are_shown_once_listed_and_revoked(place):
    place.site()
    made = place.json("credential", "add", "-C", "site", SENDER, "--name", "phần mềm văn bản", "--days", "30",
                      "--permissions", "documents.send documents.read")
    expect(made["secret"].startswith("truc_key_"), True)
    listed = place.json("credential", "list", "-C", "site", SENDER)
    expect([("api_key", "documents.send documents.read", True)], [(c["kind"], c["permissions"], c["good"]) for c in listed])
    for name in os.listdir(place / "site"):
        if name.startswith("truc.db"):
            expect(made["secret"].encode() in place.read(f"site/{name}"), False)
    for wrong in (["--kind", "password"], ["--permissions", "people.manage"], ["--permissions", "x.y"], ["--certificate", "site/truc.toml"]):
        expect_in("--kind" if wrong[1] == "password" else "[", place.run("credential", "add", "-C", "site", SENDER, "--name", "x", *wrong, code=1).err)
    expect_in("[identity.system_unknown]", place.run("credential", "add", "-C", "site", "00.00.W00", "--name", "x", code=1).err)
    place.run("credential", "revoke", "-C", "site", str(made["credential"]))
    expect([False], [c["good"] for c in place.json("credential", "list", "-C", "site", SENDER)])
    expect_in("[identity.credential_unknown]", place.run("credential", "revoke", "-C", "site", "99", code=1).err)
