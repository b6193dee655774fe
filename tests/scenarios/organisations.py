"""Who takes part in the State of the demonstration: organisations in the shape of 1 July 2025, and the systems that
serve them."""
from collections import namedtuple

# `until`, `successor`: what it became when it ceased to be; `system`: "" where the clerk works the inbox by hand.
Organisation = namedtuple("Organisation", "code old_code vi en system until successor", defaults=("", ""))

MERGED = "2025/07/01"  # provinces became 34, districts ended
BY_HAND = "H49.50"     # an organisation without software of its own
QUANG_NINH, HAI_PHONG, HA_NOI, OFFICE, FINANCE, HOME = "00.22.W00", "00.24.W00", "00.26.W00", "00.00.G22", "00.00.G12", "00.00.G09"
HAI_DUONG = "00.23.W00"  # of before the merge

# Of the story that the terminal tells.
STORY = [
    Organisation("H49", "000.00.00.H49", "UBND tỉnh Quảng Ninh", "People's Committee of Quảng Ninh", QUANG_NINH),
    Organisation("H49.01", "000.00.01.H49", "Sở Nội vụ Quảng Ninh", "Department of Home Affairs, Quảng Ninh", QUANG_NINH),
    Organisation("H49.06", "000.00.06.H49", "Sở Tài chính Quảng Ninh", "Department of Finance, Quảng Ninh", QUANG_NINH),
    Organisation("H49.45", "000.00.45.H49", "UBND phường Hạ Long", "People's Committee of Hạ Long ward", QUANG_NINH),
    Organisation("G22", "000.00.00.G22", "Văn phòng Chính phủ", "Government Office", OFFICE),
    Organisation("G12", "000.00.00.G12", "Bộ Tài chính", "Ministry of Finance", FINANCE),
    Organisation("G09", "000.00.00.G09", "Bộ Nội vụ", "Ministry of Home Affairs", HOME),
]
MINISTRIES = [("G03", "Bộ Giáo dục và Đào tạo", "Ministry of Education and Training"),
              ("G06", "Bộ Khoa học và Công nghệ", "Ministry of Science and Technology"),
              ("G15", "Bộ Tư pháp", "Ministry of Justice"),
              ("G17", "Bộ Xây dựng", "Ministry of Construction"),
              ("G18", "Bộ Y tế", "Ministry of Health")]
DEPARTMENTS = [("01", "Sở Nội vụ", "Department of Home Affairs"), ("02", "Sở Tư pháp", "Department of Justice"),
               ("03", "Sở Giáo dục và Đào tạo", "Department of Education and Training"),
               ("05", "Sở Y tế", "Department of Health"), ("06", "Sở Tài chính", "Department of Finance"),
               ("08", "Sở Xây dựng", "Department of Construction"),
               ("09", "Sở Khoa học và Công nghệ", "Department of Science and Technology"),
               ("10", "Sở Nông nghiệp và Môi trường", "Department of Agriculture and Environment")]
PROVINCES = [("H49", "Quảng Ninh", "tỉnh Quảng Ninh", QUANG_NINH), ("H24", "Hải Phòng", "thành phố Hải Phòng", HAI_PHONG),
             ("H26", "Hà Nội", "thành phố Hà Nội", HA_NOI)]
COMMUNES = [("H49.46", "UBND phường Bãi Cháy", "People's Committee of Bãi Cháy ward", QUANG_NINH),
            (BY_HAND, "UBND đặc khu Cô Tô", "People's Committee of Cô Tô special zone", ""),
            ("H24.41", "UBND phường Hồng Bàng", "People's Committee of Hồng Bàng ward", HAI_PHONG),
            ("H24.42", "UBND phường Thành Đông", "People's Committee of Thành Đông ward", HAI_PHONG),
            ("H26.41", "UBND phường Hoàn Kiếm", "People's Committee of Hoàn Kiếm ward", HA_NOI)]


def old_code(code):
    province, _, unit = code.partition(".")
    return f"000.00.{unit or '00'}.{province}"


def whole_state():
    """Everybody, with Hải Dương, which became a part of Hải Phòng on 1 July 2025."""
    all_of_them = list(STORY)
    known = {one.code for one in all_of_them}

    def add(code, vi, en, system, *end):
        if code not in known:
            known.add(code)
            all_of_them.append(Organisation(code, old_code(code), vi, en, system, *end))

    for code, vi, en in MINISTRIES:
        add(code, vi, en, f"00.00.{code}")
    for code, name, title, system in PROVINCES:
        add(code, f"UBND {title}", f"People's Committee of {name}", system)
        for unit, vi, en in DEPARTMENTS:
            add(f"{code}.{unit}", f"{vi} {name}", f"{en}, {name}", system)
    for commune in COMMUNES:
        add(*commune)
    add("H23", "UBND tỉnh Hải Dương", "People's Committee of Hải Dương", HAI_DUONG, MERGED, "H24")
    add("H23.01", "Sở Nội vụ Hải Dương", "Department of Home Affairs, Hải Dương", HAI_DUONG, MERGED, "H24.01")
    add("H23.06", "Sở Tài chính Hải Dương", "Department of Finance, Hải Dương", HAI_DUONG, MERGED, "H24.06")
    return all_of_them


def as_csv(organisations):
    """For `truc organisation import`: a successor before those that it succeeds."""
    lines = ["code,name,parent,old_code,effective_to,successor"]
    for one in organisations:
        lines.append(f"{one.code},{one.vi},{one.code.rpartition('.')[0]},{one.old_code},{one.until},{one.successor}")
    return "\n".join(lines) + "\n"
