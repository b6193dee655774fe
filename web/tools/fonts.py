#!/usr/bin/env python3
"""Makes src/look/fonts out of Be Vietnam Pro: the same letters without the instructions that fit them to a grid of
whole pixels, which are about half of each file. Other European letters come from a font of the machine.

    apt-get install fonttools python3-brotli
    npm pack @fontsource/be-vietnam-pro@5.3.0 && tar xf fontsource-be-vietnam-pro-5.3.0.tgz
    tools/fonts.py package
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import newTable
from fontTools.ttLib.tables import ttProgram

OUT = Path(__file__).resolve().parent.parent / "src" / "look" / "fonts"


def smaller(source, target):
    options = subset.Options(flavor="woff2", hinting=False, layout_features=["kern", "mark", "mkmk", "ccmp", "locl"])
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap().keys())
    subsetter.subset(font)
    # Smooth at every size, along both axes: what rasterisers of Windows are told of letters without instructions.
    font["gasp"] = newTable("gasp")
    font["gasp"].gaspRange = {0xFFFF: 15}
    font["prep"] = newTable("prep")
    font["prep"].program = ttProgram.Program()
    font["prep"].program.fromBytecode([0xB8, 0x01, 0xFF, 0x85, 0xB0, 0x04, 0x8D])
    subset.save_font(font, str(target), options)
    print(f"{source.stat().st_size:8} -> {target.stat().st_size:6}  {target.name}")


def main():
    package = Path(sys.argv[1])
    OUT.mkdir(exist_ok=True)
    for weight in (400, 600):
        for letters in ("latin", "vietnamese"):
            name = f"be-vietnam-pro-{letters}-{weight}-normal.woff2"
            smaller(package / "files" / name, OUT / name)
    (OUT / "LICENSE").write_text((package / "LICENSE").read_text())


main()
