#!/usr/bin/env python3
"""Makes the three TanbaSans*.ttf beside this file.

Noto Sans and Noto Sans Mono (SIL Open Font License 1.1, see OFL.txt), cut down to the letters of Kazakh, Russian and the
Latin languages, their punctuation and the tenge sign, plus the disc that a password field shows (from Noto Sans
Symbols2). The families are renamed because these are modified versions, and so that a font of the system is never taken
for them.

    apt-get install fonts-noto-core fonts-noto-mono && pip install fonttools==4.68.0 && python3 make.py [FOLDER OF NOTO]
"""

import sys
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont

SOURCE = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/truetype/noto")
HERE = Path(__file__).resolve().parent

LETTERS = [
    *range(0x0020, 0x007F),  # Basic Latin
    *range(0x00A0, 0x0180),  # Latin-1, Latin Extended-A
    *range(0x02B9, 0x02DE),  # modifier letters of transliterations
    *range(0x0300, 0x0305), 0x0306, 0x0307, 0x0308, 0x030A, 0x030B, 0x030C,
    *range(0x0400, 0x0530),  # Cyrillic with its supplement: Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі
    *range(0x2010, 0x2016), *range(0x2018, 0x2023), 0x2026, 0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044,
    0x20AC, 0x20B8, 0x20BD, 0x2116, 0x2122,
    0xFFFD,
]
DISC = [0x25CF]


def cut(file: str, letters: list[int]) -> TTFont:
    options = subset.Options(
        hinting=False,
        layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "tnum"],
        name_IDs=["*"],
        notdef_outline=True,
    )
    font = TTFont(SOURCE / file, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    return font


def join(fonts: list[TTFont]) -> TTFont:
    parts = []
    for number, font in enumerate(fonts):
        part = HERE / f".part-{number}.ttf"
        font.save(part)
        parts.append(part)
    whole = merge.Merger(merge.Options(drop_tables=["vhea", "vmtx", "DSIG", "meta"])).merge([str(part) for part in parts])
    for part in parts:
        part.unlink()
    # The line's height is that of the first: a symbol must not change it.
    for table, fields in {
        "hhea": ("ascent", "descent", "lineGap"),
        "OS/2": ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "usWinAscent", "usWinDescent"),
    }.items():
        for field in fields:
            setattr(whole[table], field, getattr(fonts[0][table], field))
    for moment in ("created", "modified"):
        setattr(whole["head"], moment, getattr(fonts[0]["head"], moment))
    return whole


def make(family: str, weight: str, fonts: list[TTFont]) -> None:
    whole = join(fonts)
    file = f"{family.replace(' ', '')}-{weight}"
    for name in whole["name"].names:
        new = {
            1: family,
            2: weight,
            3: f"{family} {weight}, from {name}",
            4: f"{family} {weight}",
            6: file,
            16: family,
            17: weight,
        }.get(name.nameID)
        if new is not None:
            name.string = new
    whole.recalcTimestamp = False
    whole.save(HERE / f"{file}.ttf")
    missing = [hex(letter) for letter in LETTERS if letter not in whole.getBestCmap()]
    print(file, "glyphs:", len(whole.getGlyphOrder()), "not in the source:", missing)


for weight in ("Regular", "Bold"):
    make("Tanba Sans", weight, [cut(f"NotoSans-{weight}.ttf", LETTERS), cut("NotoSansSymbols2-Regular.ttf", DISC)])
make("Tanba Sans Mono", "Regular", [cut("NotoSansMono-Regular.ttf", LETTERS)])
