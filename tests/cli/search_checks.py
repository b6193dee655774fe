"""Documents found again by what they say: at the command line and over the API."""
import glob
import json
import os
import urllib.parse

from truc_program import RECEIVER, SENDER, expect, expect_in, until


def check_documents_are_found_by_their_words(place):
    site = place.site()
    server = place.serve(site)
    keys = [server.key_of(system) for system in (SENDER, RECEIVER)]
    sent = server.send(place.document("a.edxml", "15", subject="Về việc phòng chống dịch tả lợn"))["DocId"]
    server.send(place.document("b.edxml", "16", subject="Về việc phòng chống cháy rừng"))
    find = ["search", "find", "-C", site]
    until(lambda: place.json(*find, "phong chong")["matches"] == 2, 30)
    found = place.json(*find, "dich ta lon")
    expect([sent], [one["id"] for one in found["items"]])
    expect([1, False, 0], [found["matches"], found["partial"], found["waiting"]])
    expect(1, len(place.json(*find, "phòng chống", "--count", "1")["items"]))
    said = place.run(*find, "dịch tả", "--lang", "en").out
    expect_in("1 documents match", said)
    expect_in(sent, said)
    expect([], place.json(*find, "khong co tu nay")["items"])
    expect_in("[search.bad_filter]", place.run(*find, "ngày:hôm-qua", code=1).err)
    # What is thrown away is made anew from the records.
    expect(2, place.json("search", "rebuild", "-C", site)["documents"])
    expect(sent, place.json(*find, "15/SGĐ-VP")["items"][0]["id"])

    # The same over the API, each with what is theirs.
    for key in keys:
        status, body = server.ask("/api/v1/search?q=" + urllib.parse.quote("dich ta"), key)
        expect(200, status)
        expect(["Về việc phòng chống dịch tả lợn"], [one["subject"]["text"] for one in json.loads(body)["items"]])


def check_a_site_without_an_index_says_so_and_does_the_rest(place):
    site = place.site()
    server = place.serve(site)
    key = server.key_of(SENDER)
    server.end()
    off, damaged = "[search]\nindex = false\n", "[search]\nindex = true\n"
    for number, settings in enumerate((off, damaged)):
        place.write(f"{site}/truc.toml", settings)
        if settings == damaged:
            for file in glob.glob(place / f"{site}/search.db*"):
                os.remove(file)
            place.write(f"{site}/search.db", "this is no database " * 500)
        server = place.serve(site)
        server.send(place.document(f"{number}.edxml", str(number)))
        status, body = server.ask("/api/v1/search?q=x", key)
        expect([503, "rest.search_off"], [status, json.loads(body)["reason"]])
        server.end()
