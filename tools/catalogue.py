#!/usr/bin/env python3
"""Writes the catalogue of messages for the compiler: web/messages/{vi,en}.json as initialisers of C++, sorted by key.

usage: catalogue.py DIRECTORY OUT

Left out is what only screens say: plurals and choices, which take ICU's own reader."""
import json
import pathlib
import re
import sys

SIMPLE = re.compile(r"^(?:[^{}'<]|'(?![{}'<])|\{\w+\})*$")


def literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def main() -> None:
    directory, out = map(pathlib.Path, sys.argv[1:])
    vietnamese = json.loads((directory / "vi.json").read_text(encoding="utf-8"))
    english = json.loads((directory / "en.json").read_text(encoding="utf-8"))
    lines = [f"{{{literal(key)}, {literal(vietnamese[key]['text'])}, {literal(english[key])}}},\n"
             for key in sorted(vietnamese)
             if SIMPLE.match(vietnamese[key]["text"]) and SIMPLE.match(english.get(key, "{"))]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(lines), encoding="utf-8")


main()
