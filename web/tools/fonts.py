#!/usr/bin/env python3
"""Makes src/look/fonts out of Be Vietnam Pro: the same letters without the instructions that fit them to a grid of
whole pixels, which are about half of each file, and in one file for each weight: a page in Vietnamese needs both of
those that the package has. Other European letters come from a font of the machine.

    apt-get install fonttools python3-brotli
    npm pack @fontsource/be-vietnam-pro@5.3.0 && tar xf fontsource-be-vietnam-pro-5.3.0.tgz
    tools/fonts.py package
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables import ttProgram

OUT = Path(__file__).resolve().parent.parent / "src" / "look" / "fonts"


def smaller(sources, target):
    options = subset.Options(flavor="woff2", hinting=False, layout_features=["kern", "mark", "mkmk", "ccmp", "locl"])
    with TemporaryDirectory() as place:
        plain = []
        for source in sources:
            font = subset.load_font(str(source), options)
            subsetter = subset.Subsetter(options)
            # What several have comes from the first.
            seen = set().union(*(TTFont(one).getBestCmap() for one in plain))
            subsetter.populate(unicodes=font.getBestCmap().keys() - seen)
            subsetter.subset(font)
            font.flavor = None
            plain.append(str(Path(place) / source.with_suffix(".ttf").name))
            font.save(plain[-1])
        font = Merger().merge(plain)
    # Smooth at every size, along both axes: what rasterisers of Windows are told of letters without instructions.
    font["gasp"] = newTable("gasp")
    font["gasp"].gaspRange = {0xFFFF: 15}
    font["prep"] = newTable("prep")
    font["prep"].program = ttProgram.Program()
    font["prep"].program.fromBytecode([0xB8, 0x01, 0xFF, 0x85, 0xB0, 0x04, 0x8D])
    subset.save_font(font, str(target), options)
    print(f"{sum(one.stat().st_size for one in sources):8} -> {target.stat().st_size:6}  {target.name}")


def main():
    package = Path(sys.argv[1])
    OUT.mkdir(exist_ok=True)
    for weight in (400, 600):
        sources = [package / "files" / f"be-vietnam-pro-{letters}-{weight}-normal.woff2" for letters in ("latin", "vietnamese")]
        smaller(sources, OUT / f"be-vietnam-pro-{weight}-normal.woff2")
    (OUT / "LICENSE").write_text((package / "LICENSE").read_text())


main()
