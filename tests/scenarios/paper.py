"""A letter on A4 as PDF, laid out as Decree 30/2020 asks, with the Vietnamese letters of an embedded font."""
import struct
import zlib
from functools import lru_cache
from pathlib import Path

FONTS = Path("/usr/share/fonts/truetype/liberation2")
VIETNAMESE = ("àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ")
LETTERS = [chr(c) for c in range(32, 127)] + list(VIETNAMESE + VIETNAMESE.upper() + "–…“”")
WIDTH, HEIGHT, LEFT, RIGHT = 595, 842, 85, 42


class Font:
    """Of a TrueType file only the glyphs of LETTERS: some tens of kilobytes instead of some hundreds."""

    def __init__(self, file, name):
        self.name = name
        self.data = (FONTS / file).read_bytes()
        count = struct.unpack(">H", self.data[4:6])[0]
        self.tables = {}
        for i in range(count):
            tag, _, at, size = struct.unpack(">4sIII", self.data[12 + 16 * i:28 + 16 * i])
            self.tables[tag.decode()] = self.data[at:at + size]
        self.units = struct.unpack(">H", self.tables["head"][18:20])[0]
        self.metrics = struct.unpack(">H", self.tables["hhea"][34:36])[0]
        self.places = self.read_places()
        self.glyphs = self.read_characters()
        program = self.subset()
        self.size, self.program = len(program), zlib.compress(program)

    def read_places(self):
        count = struct.unpack(">H", self.tables["maxp"][4:6])[0] + 1
        if struct.unpack(">h", self.tables["head"][50:52])[0] == 0:
            return [2 * one for one in struct.unpack(f">{count}H", self.tables["loca"][:2 * count])]
        return list(struct.unpack(f">{count}I", self.tables["loca"][:4 * count]))

    # {character: glyph}, from the format 4 table that every font of Windows has.
    def read_characters(self):
        cmap = self.tables["cmap"]
        for i in range(struct.unpack(">H", cmap[2:4])[0]):
            platform, encoding, at = struct.unpack(">HHI", cmap[4 + 8 * i:12 + 8 * i])
            if (platform, encoding) == (3, 1) and struct.unpack(">H", cmap[at:at + 2])[0] == 4:
                break
        else:
            raise ValueError("the font has no table of characters of format 4")
        n = struct.unpack(">H", cmap[at + 6:at + 8])[0] // 2
        row = lambda place, kind: struct.unpack(f">{n}{kind}", cmap[place:place + 2 * n])
        ends, starts = row(at + 14, "H"), row(at + 16 + 2 * n, "H")
        deltas, offsets = row(at + 16 + 4 * n, "h"), row(at + 16 + 6 * n, "H")
        glyphs = {}
        for letter in LETTERS:
            code = ord(letter)
            i = next(i for i in range(n) if ends[i] >= code)
            if starts[i] > code:
                continue
            if offsets[i] == 0:
                glyphs[letter] = (code + deltas[i]) & 0xFFFF
            else:
                place = at + 16 + 6 * n + 2 * i + offsets[i] + 2 * (code - starts[i])
                glyphs[letter] = (struct.unpack(">H", cmap[place:place + 2])[0] + deltas[i]) & 0xFFFF
        return glyphs

    # A composite glyph is made of others.
    def needed(self):
        todo, found = [0, *self.glyphs.values()], set()
        glyf = self.tables["glyf"]
        while todo:
            glyph = todo.pop()
            if glyph in found:
                continue
            found.add(glyph)
            at, end = self.places[glyph], self.places[glyph + 1]
            if end == at or struct.unpack(">h", glyf[at:at + 2])[0] >= 0:
                continue
            at += 10
            while True:
                flags, part = struct.unpack(">HH", glyf[at:at + 4])
                todo.append(part)
                at += 4 + (4 if flags & 1 else 2) + (2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0)
                if not flags & 0x20:
                    break
        return found

    def subset(self):
        kept, glyf, loca = self.needed(), bytearray(), []
        for glyph in range(len(self.places) - 1):
            loca.append(len(glyf))
            if glyph in kept:
                glyf += self.tables["glyf"][self.places[glyph]:self.places[glyph + 1]]
                glyf += b"\0" * (-len(glyf) % 4)
        loca.append(len(glyf))
        head = bytearray(self.tables["head"])
        head[50:52] = struct.pack(">h", 1)
        tables = {tag: self.tables[tag] for tag in ("cvt ", "fpgm", "hhea", "hmtx", "maxp", "prep") if tag in self.tables}
        tables.update(head=bytes(head), glyf=bytes(glyf), loca=struct.pack(f">{len(loca)}I", *loca))
        out, body = bytearray(struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, len(tables) * 16 - 128)), bytearray()
        start = 12 + 16 * len(tables)
        for tag in sorted(tables):
            content = tables[tag] + b"\0" * (-len(tables[tag]) % 4)
            checksum = sum(struct.unpack(f">{len(content) // 4}I", content)) & 0xFFFFFFFF
            out += struct.pack(">4sIII", tag.encode(), checksum, start + len(body), len(tables[tag]))
            body += content
        return bytes(out + body)

    def advance(self, glyph):
        at = 4 * min(glyph, self.metrics - 1)
        return struct.unpack(">H", self.tables["hmtx"][at:at + 2])[0] * 1000 // self.units

    def width(self, text, size):
        return sum(self.advance(self.glyphs.get(letter, 0)) for letter in text) * size / 1000

    def hex(self, text):
        return "".join(f"{self.glyphs.get(letter, 0):04X}" for letter in text)

    # The five objects of a composite font, the first being number `first`.
    @lru_cache(maxsize=None)
    def objects(self, first):
        pairs = sorted((glyph, letter) for letter, glyph in self.glyphs.items())
        widths = " ".join(f"{glyph} [{self.advance(glyph)}]" for glyph, _ in pairs)
        names = "".join(f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>\n" for glyph, letter in pairs)
        blocks = names.splitlines()
        ranges = "".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n"
                         for part in (blocks[i:i + 100] for i in range(0, len(blocks), 100)))
        unicode = ("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Letters def\n/CMapType 2 def\n"
                   "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n" + ranges + "endcmap\nend\nend\n").encode()
        return [
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{self.name} /Encoding /Identity-H /DescendantFonts [{first + 1} 0 R] "
            f"/ToUnicode {first + 4} 0 R >>".encode(),
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{self.name} /CIDToGIDMap /Identity /DW 500 /W [{widths}] "
            f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {first + 2} 0 R >>".encode(),
            f"<< /Type /FontDescriptor /FontName /{self.name} /Flags 4 /FontBBox [-200 -300 1200 1000] /ItalicAngle 0 "
            f"/Ascent 891 /Descent -216 /CapHeight 660 /StemV 80 /FontFile2 {first + 3} 0 R >>".encode(),
            b"<< /Length %d /Filter /FlateDecode /Length1 %d >>\nstream\n%s\nendstream"
            % (len(self.program), self.size, self.program),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(unicode), unicode)]


@lru_cache(maxsize=None)
def fonts():
    return {"R": Font("LiberationSerif-Regular.ttf", "AAAAAA+LiberationSerif"),
            "B": Font("LiberationSerif-Bold.ttf", "AAAAAB+LiberationSerif-Bold")}


class Sheet:
    def __init__(self):
        self.lines = []

    def text(self, x, y, text, size=13, face="R"):
        self.lines.append(f"BT /{face} {size} Tf {x:.1f} {y:.1f} Td <{fonts()[face].hex(text)}> Tj ET")

    def centred(self, middle, y, text, size=13, face="R"):
        self.text(middle - fonts()[face].width(text, size) / 2, y, text, size, face)

    # Gives where the next line begins.
    def paragraph(self, y, text, size=13):
        line, x = "", LEFT + 28
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and x + fonts()["R"].width(longer, size) > WIDTH - RIGHT:
                self.text(x, y, line, size)
                y, x, line = y - 19, LEFT, word
            else:
                line = longer
        self.text(x, y, line, size)
        return y - 25

    def rule(self, x, y, width):
        self.lines.append(f"0.7 w {x:.1f} {y:.1f} m {x + width:.1f} {y:.1f} l S")


def split(text, most):
    """In lines of at most so many letters."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > most and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def letter(agency, code, place, day, subject, paragraphs, recipients, position, signer):
    """The bytes of a letter of one page. `day` is a date; the signature's own data is not a part of it."""
    sheet = Sheet()
    left, right = LEFT + 95, WIDTH - RIGHT - 140
    y = HEIGHT - 60
    for i, line in enumerate(split(agency.upper(), 24)):
        sheet.centred(left, y - 16 * i, line, 12, "B")
    sheet.centred(right, y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, "B")
    sheet.centred(right, y - 17, "Độc lập – Tự do – Hạnh phúc", 13, "B")
    sheet.rule(right - 82, y - 21, 164)
    sheet.centred(left, y - 56, f"Số: {code}")
    for i, line in enumerate(split(subject, 34)[:4]):
        sheet.centred(left, y - 74 - 14 * i, line, 12)
    sheet.centred(right, y - 56, f"{place}, ngày {day.day:02} tháng {day.month:02} năm {day.year}")
    y -= 156
    sheet.text(LEFT + 90, y, "Kính gửi:")
    for line in recipients[:4] + (["…"] if len(recipients) > 4 else []):
        sheet.text(LEFT + 150, y, f"- {line}")
        y -= 19
    y -= 14
    for paragraph in paragraphs:
        y = sheet.paragraph(y, paragraph)
    sheet.text(LEFT, y - 20, "Nơi nhận:", 12, "B")
    sheet.text(LEFT, y - 36, "- Như trên;", 11)
    sheet.text(LEFT, y - 50, "- Lưu: VT.", 11)
    sheet.centred(right, y - 20, position.upper(), 13, "B")
    sheet.centred(right, y - 110, signer, 13, "B")
    return document(sheet)


def document(sheet):
    content = "\n".join(sheet.lines).encode()
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R "
               "/Resources << /Font << /R 5 0 R /B 10 0 R >> >> >>".encode(),
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)]
    objects += fonts()["R"].objects(5) + fonts()["B"].objects(10)
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))


def altered(pdf):
    """The same with one letter of its text changed, as a signature must notice."""
    at = pdf.index(b"> Tj") - 1
    other = b"0" if pdf[at:at + 1] != b"0" else b"1"
    return pdf[:at] + other + pdf[at + 1:]
