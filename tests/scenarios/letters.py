"""What agencies write to each other: subjects as they are, signed PDFs, and handing them in."""
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import paper
from state import VIETNAM

# Subject, name of the kind, its abbreviation ("" for a công văn), unit, what the letter says.
TOPICS = [
    ("Báo cáo thu ngân sách nhà nước tháng 11 năm 2026", "Báo cáo", "BC", "TH", "thu ngân sách trên địa bàn"),
    ("Về việc rà soát thủ tục hành chính sau sắp xếp đơn vị", "Công văn", "", "KSTT", "rà soát thủ tục hành chính"),
    ("Kế hoạch chuyển đổi số năm 2027", "Kế hoạch", "KH", "VX", "chuyển đổi số"),
    ("Về việc góp ý dự thảo Nghị định về văn thư số", "Công văn", "", "PC", "góp ý dự thảo Nghị định"),
    ("Giấy mời họp giao ban trực tuyến tháng 12", "Giấy mời", "GM", "VP", "tham dự họp giao ban trực tuyến"),
    ("Về việc đăng ký lớp bồi dưỡng chữ ký số cho văn thư", "Công văn", "", "TCCB", "cử văn thư dự lớp bồi dưỡng"),
    ("Quyết định phân bổ kinh phí phòng, chống thiên tai", "Quyết định", "QĐ", "KT", "phân bổ kinh phí"),
    ("Về việc cung cấp số liệu dân cư các xã, phường mới", "Công văn", "", "NC", "cung cấp số liệu dân cư"),
    ("Báo cáo tiến độ giải ngân vốn đầu tư công", "Báo cáo", "BC", "KT", "giải ngân vốn đầu tư công"),
    ("Thông báo kết luận cuộc họp về cải cách hành chính", "Thông báo", "TB", "VP", "thực hiện kết luận cuộc họp"),
    ("Về việc phòng, chống dịch sốt xuất huyết", "Công văn", "", "YT", "tổ chức phòng, chống dịch"),
    ("Tờ trình phê duyệt quy hoạch chung đô thị", "Tờ trình", "TTr", "XD", "phê duyệt quy hoạch"),
    ("Về việc tổ chức kỳ thi chọn học sinh giỏi", "Công văn", "", "GD", "chuẩn bị kỳ thi"),
    ("Hướng dẫn lập hồ sơ công việc điện tử", "Hướng dẫn", "HD", "VTLT", "lập hồ sơ công việc điện tử"),
    ("Về việc báo cáo công tác văn thư, lưu trữ năm 2026", "Công văn", "", "VTLT", "báo cáo công tác văn thư"),
    ("Chương trình công tác tháng 12 năm 2026", "Chương trình", "CTr", "TH", "thực hiện chương trình công tác"),
]
URGENT = [
    ("Công điện về ứng phó bão số 9 trên Biển Đông", "Công điện", "CĐ", "PCTT", "ứng phó với bão"),
    ("Về việc bảo đảm an toàn hồ, đập trong mưa lũ", "Công văn", "", "PCTT", "bảo đảm an toàn hồ, đập"),
]
# To many, and of which there is one.
WIDE = ("Báo cáo chuyển đổi số toàn tỉnh năm 2026", "Báo cáo", "BC", "VX", "chuyển đổi số toàn tỉnh")
# Those whose letters are signed by a leader and sealed, with who signs.
SIGNERS = {"H49": ("TM. Ủy ban nhân dân", "Nguyễn Văn An"), "H49.01": ("Giám đốc", "Trần Thị Mai"),
           "H49.06": ("Giám đốc", "Hoàng Đức Thắng"), "H24": ("TM. Ủy ban nhân dân", "Lê Trung Kiên"),
           "H24.01": ("Giám đốc", "Phạm Ngọc Hà"), "H26": ("TM. Ủy ban nhân dân", "Đặng Quang Huy"),
           "G22": ("Bộ trưởng, Chủ nhiệm", "Vũ Thành Nam"), "G12": ("KT. Bộ trưởng", "Ngô Bích Ngọc"),
           "G09": ("KT. Bộ trưởng", "Đinh Xuân Trường"), "G18": ("KT. Bộ trưởng", "Lý Minh Tâm")}


def abbreviation(organisation):
    """"UBND", "SNV", "BTC" of its name, as notations have it."""
    words = organisation.vi.split()
    if words[0] == "UBND":
        return "UBND"
    if organisation.code == "G22":
        return "VPCP"
    most = 4 if words[0] == "Bộ" else 3
    return "".join(word[0].upper() for word in words if word not in ("và",))[:most]


class Letters:
    def __init__(self, state, callers):
        self.state, self.callers = state, callers
        self.lock, self.numbers = threading.Lock(), {}
        self.folder = state.home / "letters"
        self.folder.mkdir()

    def make_keys(self):
        """A leader's and a seal for each signer, and a leader whose certificate has expired."""
        with ThreadPoolExecutor(3) as pool:
            waiting = []
            for code, (_, signer) in SIGNERS.items():
                name = self.state.vietnamese(code)
                waiting.append(pool.submit(self.state.issue, signer, f"letters/{code}-leader.pem", name))
                waiting.append(pool.submit(self.state.issue, name, f"letters/{code}-seal.pem"))
            waiting.append(pool.submit(self.state.issue, SIGNERS["H24"][1], "letters/expired.pem", self.state.vietnamese("H24"), -30))
            for one in waiting:
                one.result()

    def next_number(self, sender):
        with self.lock:
            self.numbers[sender] = self.numbers.get(sender, 200 + sum(map(ord, sender)) % 700) + 1
            return self.numbers[sender]

    # --- the file ----------------------------------------------------------------------------------
    def signed(self, pdf, name, sender, leader="leader"):
        plain, once, twice = (self.folder / f"{name}-{part}.pdf" for part in ("plain", "once", "twice"))
        plain.write_bytes(pdf)
        key = self.folder / ("expired.pem" if leader == "expired" else f"{sender}-leader.pem")
        self.state.run("sign", plain, "-o", once, "--key", key, "--level", "b")
        self.state.run("sign", once, "-o", twice, "--key", self.folder / f"{sender}-seal.pem", "--level", "t",
                       "--tsa", self.state.tsa, "--field", "Signature2", "--show")
        made = twice.read_bytes()
        for file in (plain, once, twice):
            file.unlink()
        return made

    def send(self, sender, recipients, topic, urgency=0, day=None, signature="good"):
        """Hands a letter in; gives its id. `signature`: good, expired, altered or none."""
        subject, kind, short, unit, about = topic
        organisation, number, day = self.state.organisations[sender], self.next_number(sender), day or datetime.now(VIETNAM).date()
        own = abbreviation(organisation)
        notation = f"{short}-{own}" if short else f"{own}-{unit}"
        place = {"H49": "Quảng Ninh", "H24": "Hải Phòng"}.get(sender[:3], "Hà Nội")
        position, signer = SIGNERS.get(sender, ("Thủ trưởng cơ quan", "Nguyễn Thế Vinh"))
        names = [self.state.vietnamese(code) for code in recipients]
        pdf = paper.letter(organisation.vi, f"{number}/{notation}", place, day, subject,
                           [f"{organisation.vi} gửi {names[0] if len(names) == 1 else 'các cơ quan'} nội dung về {about}.",
                            f"Đề nghị cơ quan nhận xem xét, tổ chức thực hiện và phản hồi về {organisation.vi} để tổng hợp, "
                            "báo cáo cấp có thẩm quyền theo quy định. Văn bản điện tử này thay cho bản giấy.",
                            "Trân trọng./."], names, position, signer)
        if sender in SIGNERS and signature != "none":
            pdf = self.signed(pdf, f"{sender}-{number}", sender, "expired" if signature == "expired" else "leader")
        if signature == "altered":
            pdf = paper.altered(pdf)
        caller, file = self.callers[organisation.system], f"{number}-{notation}.pdf"
        upload = caller.upload(pdf, file, sender)
        return caller.post("/api/v1/submissions", {
            "from": {"id": sender}, "to": [{"id": code} for code in recipients], "code_number": str(number),
            "code_notation": notation, "place": place, "promulgation_date": day.strftime("%Y/%m/%d"), "type": "2",
            "type_name": kind, "subject": subject, "signer_position": position, "signer_name": signer,
            "priority": str(urgency), "attachments": [{"upload": upload}]})["id"]

    # --- what recipients do ------------------------------------------------------------------------
    def deliveries(self, sender, document):
        return self.callers[self.state.system_of(sender)].get(f"/api/v1/documents/{document}/deliveries")["items"]

    def carry(self, delivery, fate, draw=random):
        """A recipient's software takes a delivery as far as `fate`: waiting, fetched, fail, done, or 01 to 06."""
        code = delivery["recipient"]["code"]
        system = self.state.organisations[code].system
        if fate == "waiting" or not system:
            return
        caller = self.callers[system]
        caller.get(f"/api/v1/documents/{delivery['document']}/content")
        if fate == "fetched":
            return
        where = f"/api/v1/deliveries/{delivery['id']}"
        if fate == "fail":
            caller.post(f"{where}/acknowledgement", {"result": "fail", "reason": "Phần mềm không mở được tệp đính kèm"})
            return
        caller.post(f"{where}/acknowledgement", {"result": "done"})
        for status in {"done": [], "04": ["03", "04"], "05": ["03", "05"], "06": ["03", "06"]}.get(fate, [fate]):
            self.report(caller, where, status, draw)

    def report(self, caller, where, status, draw=random):
        words = {"02": "Văn bản không thuộc thẩm quyền giải quyết của cơ quan", "03": "Văn thư đã vào sổ văn bản đến",
                 "04": "Lãnh đạo đã phân công", "06": "Đã xử lý xong, lưu hồ sơ", "15": "Đồng ý, đã hủy bản nhận",
                 "16": "Văn bản đã được triển khai, không thể trả lại"}
        caller.post(f"{where}/status", {"code": status, "description": words.get(status, "Đang xử lý"),
                                        "department": draw.choice(["Văn phòng", "Phòng Tổng hợp", "Phòng Hành chính"]),
                                        "staff": draw.choice(["Lê Thị Thu", "Trần Văn Hải", "Ngô Thị Bích"])})
