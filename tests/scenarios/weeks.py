"""Some three hundred documents between agencies, in every state that there is. The exchange takes the time from its own
clock, so all are accepted today; some say that they were issued days ago, and so are late in sending."""
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from letters import SIGNERS, TOPICS, URGENT, WIDE
from organisations import BY_HAND
from state import VIETNAM

DOCUMENTS = 300
FATES = {"waiting": 13, "fetched": 5, "fail": 2, "done": 9, "01": 6, "02": 4, "03": 21, "04": 9, "05": 12, "06": 19}
# How many of each special kind; the rest are plain.
TO_OLD, BY_HAND_COUNT, EXPIRED, ALTERED, LATE = 6, 9, 3, 2, 24
BUSY = "H49"  # gets more than others, so that its clerk has something to do
# Each with a system of its own but the last: a system fetches for all that it serves.
BOARD = ["G22", "G12", "G09", "G03", "G06", "G15", "G17", "G18", "H24", "H26", BY_HAND]
RECALLS = ["withdrawn", "withdrawn", "withdrawn", "15", "15", "15", "16", "16", "asked"]


def working_days_ago(count):
    day = datetime.now(VIETNAM).date()
    while count > 0:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day


class Weeks:
    def __init__(self, state, letters, count=DOCUMENTS):
        self.state, self.letters, self.count = state, letters, count
        self.draw = random.Random(20261122)
        self.active = [one.code for one in state.organisations.values() if not one.until and one.system]
        self.lock, self.done = threading.Lock(), 0

    # --- what is to be sent ------------------------------------------------------------------------
    def plan(self):
        everybody = [code for code, one in self.state.organisations.items() if not one.until and code != "G22"]
        plans = [{"sender": "G22", "to": everybody, "topic": TOPICS[9], "fate": None},
                 {"sender": "H49", "to": BOARD, "topic": WIDE, "fate": None, "fates": list(FATES)}]
        plans += [{"sender": sender, "to": [old], "topic": self.draw.choice(TOPICS), "fate": None}
                  for sender, old in zip(["G22", "G12", "G09", "H49", "H26", "G18"], ["H23", "H23.06", "H23.01"] * 2)][:TO_OLD]
        plans += [{"sender": sender, "to": [BY_HAND], "topic": self.draw.choice(TOPICS), "fate": None, "urgency": urgency}
                  for sender, urgency in zip(["H49", "H49.01", "G22", "H49.06", "G12", "H49", "H49.10", "G09", "H49.05"],
                                             [0, 0, 1, 0, 0, 3, 0, 0, 0])][:BY_HAND_COUNT]
        plans += [{**self.ordinary("H24"), "to": ["H49"], "signature": "expired", "fate": "waiting"} for _ in range(EXPIRED)]
        plans += [{**self.ordinary(sender), "to": ["H49"], "signature": "altered", "fate": "02"} for sender in ("H26", "G12")[:ALTERED]]
        plans += [{**self.ordinary(sender), "recall": how}
                  for sender, how in zip(["H49", "G22", "H26", "H49", "G09", "H24", "H49", "G12", "H49"], RECALLS)]
        plans += [{**self.ordinary(), "day": working_days_ago(self.draw.randint(2, 15))} for _ in range(LATE)]
        while len(plans) < self.count:
            plans.append(self.ordinary())
        return plans[:self.count]

    def ordinary(self, sender=None):
        sender = sender or self.draw.choice(self.active if self.draw.random() < 0.45 else list(SIGNERS))
        urgency = self.draw.choices([0, 1, 2, 3, 4], [82, 8, 5, 4, 1])[0]
        others = [code for code in self.active if code not in (sender, BUSY)]
        to = self.draw.sample(others, self.draw.choices([1, 2, 3, 6], [62, 20, 12, 6])[0])
        if sender != BUSY and self.draw.random() < 0.15:
            to[0] = BUSY
        return {"sender": sender, "to": to,
                "topic": self.draw.choice(URGENT if urgency > 2 else TOPICS), "urgency": urgency, "fate": None}

    # --- doing it ----------------------------------------------------------------------------------
    def carry_out(self, plan, seed):
        draw = random.Random(seed)
        sender = plan["sender"]
        document = self.letters.send(sender, plan["to"], plan["topic"], plan.get("urgency", 0), plan.get("day"),
                                     plan.get("signature", "good"))
        for i, delivery in enumerate(self.letters.deliveries(sender, document)):
            if "recall" in plan:
                fate = "waiting" if plan["recall"] == "withdrawn" else "03"
            elif "fates" in plan:
                fate = plan["fates"][i % len(plan["fates"])]
            else:
                fate = plan["fate"] or draw.choices(list(FATES), list(FATES.values()))[0]
            self.letters.carry(delivery, fate, draw)
        if "recall" in plan:
            self.recall(sender, document, plan["recall"], draw)
        with self.lock:
            self.done += 1

    def recall(self, sender, document, how, draw):
        self.letters.callers[self.state.system_of(sender)].post(
            f"/api/v1/documents/{document}/recall", {"reason": "Gửi nhầm phụ lục, sẽ gửi bản thay thế"})
        if how in ("15", "16"):
            for delivery in self.letters.deliveries(sender, document):
                caller = self.letters.callers[self.state.system_of(delivery["recipient"]["code"])]
                self.letters.report(caller, f"/api/v1/deliveries/{delivery['id']}", how, draw)

    def live(self):
        """Carries everything out, some at a time, and shows how far it is; gives the number of documents."""
        plans = self.plan()
        with ThreadPoolExecutor(6) as pool:
            waiting = [pool.submit(self.carry_out, plan, seed) for seed, plan in enumerate(plans)]
            shown = -1
            try:
                while not all(one.done() for one in waiting):
                    shown = self.show(len(plans), shown)
                    time.sleep(0.2)
                    for one in waiting:
                        if one.done():
                            one.result()
            except BaseException:  # Ctrl-C too: what has not begun is left
                for one in waiting:
                    one.cancel()
                raise
            for one in waiting:
                one.result()
        self.show(len(plans), shown)
        if sys.stdout.isatty():
            print(flush=True)
        return len(plans)

    # A bar where somebody watches, else a line now and then.
    def show(self, total, shown):
        share = self.done * 100 // total
        what = "documents between agencies" if self.state.english else "văn bản giữa các cơ quan"
        if sys.stdout.isatty():
            print(f"\r          [{'█' * (share // 4):25}] {self.done}/{total} {what}", end="", flush=True)
        elif share // 25 > shown // 25:
            print(f"          {self.done}/{total} {what}", flush=True)
        return share
