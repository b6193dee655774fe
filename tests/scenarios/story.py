"""What the terminal tells: one document and its proof, and a day of the State in miniature."""
import shutil
import time

from state import Failed


def smoke(state):
    path = state.make(1, "UBND-VP", "H49", ["G22"], "Báo cáo tình hình kinh tế - xã hội")
    start = time.monotonic()
    document = state.send(path, "H49")
    item = state.receive("G22")
    arrived = time.monotonic()
    taken = state.take(item)
    if taken.read_bytes() != path.read_bytes():
        raise Failed("what arrived is not what was sent")
    state.run("verify", "-C", state.site)
    print(f"arrived in {round((arrived - start) * 1000)} ms", flush=True)
    if item["signatures"] != "valid":
        raise Failed(f"the document's signatures are {item['signatures']}")
    path = state.keep("bundle.asice")
    verdict = state.bundle(document, path)
    if verdict != "valid":
        raise Failed(f"the bundle is {verdict}")
    anchor = state.keep("demonstration-root.pem")
    shutil.copy(state.anchor, anchor)
    key = state.run("log", "key", "-C", state.site)["key"]
    print(f"truc verify --anchor {anchor} --log-key {key} {path}")
    print(path, flush=True)


def story(state):
    tell, name = state.tell, state.name
    tell(f"{name('H49')} gửi báo cáo cho {name('G22')} và {name('G12')}",
         f"{name('H49')} sends a report to {name('G22')} and {name('G12')}", "→")
    report = state.make(101, "UBND-TH", "H49", ["G22", "G12"], "Báo cáo thu ngân sách tháng 11")
    start = time.monotonic()
    report_id = state.send(report, "H49")
    for code in ("G22", "G12"):
        item = state.receive(code)
        millis = round((time.monotonic() - start) * 1000)
        state.take(item)
        tell(f"{name(code)} đã nhận sau {millis} ms", f"{name(code)} has it after {millis} ms", "←")
        state.run("status", item["docId"], "03", "--from", code, system=state.system_of(code))
    state.run("status", report_id, "06", "--from", "G12", "--reason", "Đã tổng hợp", system="00.00.G12")
    tell(f"{name('G22')} báo đã tiếp nhận (03); {name('G12')} báo hoàn thành (06)",
         f"{name('G22')} reports accepted (03); {name('G12')} reports finished (06)", "✓")

    tell(f"Một công văn thường chờ ở {name('G09')}, rồi một công điện hỏa tốc đến sau",
         f"An ordinary letter waits for {name('G09')}; a telegram of the highest urgency follows", "→")
    state.send(state.make(102, "SNV-VP", "H49.01", ["G09"], "V/v đăng ký lớp bồi dưỡng"), "H49.01")
    urgent = state.make(103, "CĐ-UBND", "H49", ["G09", "H49.45"], "Công điện ứng phó bão", priority=3)
    start = time.monotonic()
    state.send(urgent, "H49")
    first = state.receive("G09")
    if first["priority"] != "3":
        raise Failed("the urgent document does not come first")
    millis = round((time.monotonic() - start) * 1000)
    state.take(first)
    tell(f"{name('G09')} nhận công điện hỏa tốc trước, sau {millis} ms", f"{name('G09')} gets the telegram first, after {millis} ms", "⚡")
    state.take(state.receive("G09"))
    state.take(state.receive("H49.45"))

    tell(f"{name('H49.06')} gửi nhầm cho {name('G12')} và {name('G09')}; {name('G12')} đã lấy, {name('G09')} chưa",
         f"{name('H49.06')} sends by mistake to {name('G12')} and {name('G09')}; {name('G12')} has fetched it, {name('G09')} has not", "→")
    wrong_id = state.send(state.make(104, "STC-NS", "H49.06", ["G12", "G09"], "Dự toán (bản nháp)"), "H49.06")
    item = state.receive("G12")
    state.take(item)
    state.run("recall", wrong_id, "--reason", "Gửi nhầm bản nháp", system="00.22.W00")
    tell(f"Lấy lại: bản của {name('G09')} được thu hồi ngay; {name('G12')} được hỏi ý kiến",
         f"Recall: {name('G09')}'s copy is withdrawn at once; {name('G12')} is asked", "↩")
    state.take(state.receive("G12", statuses=True))
    state.run("status", item["docId"], "15", "--from", "G12", "--reason", "Đồng ý, đã hủy bản nhận", system="00.00.G12")
    for row in state.run("track", wrong_id, system="00.22.W00"):
        what = row.get("recallDesc", row["receiveStatusDesc"])
        tell(f"{name(row['toCode'])}: {what}", f"{name(row['toCode'])}: recall {row.get('recallStatus', '?')}", " ")
    path = state.keep("bundle.asice")
    verdict = state.bundle(report_id, path)
    shutil.copy(state.anchor, state.keep("demonstration-root.pem"))
    state.keep("log.key").write_text(state.run("log", "key", "-C", state.site)["key"] + "\n")
    tell(f"Bằng chứng về báo cáo đầu tiên, ai cũng kiểm tra được ({verdict}): {path}",
         f"Evidence about the first report, for anyone to check ({verdict}): {path}", "✓")
    verified = state.run("verify", "-C", state.site)
    tell(f"Nhật ký nguyên vẹn: {verified['journal_entries']} mục, {verified['documents']} văn bản",
         f"The journal is intact: {verified['journal_entries']} entries, {verified['documents']} documents", "✓")
