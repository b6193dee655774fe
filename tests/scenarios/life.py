"""A document every few seconds, fetched, acknowledged and reported on after a while, so that screens move."""
import heapq
import itertools
import random
import sys
import threading
import time

from organisations import HAI_DUONG
from weeks import Weeks

EVERY = (3, 6)  # seconds between documents


class Life(threading.Thread):
    def __init__(self, state, letters):
        super().__init__(name="life", daemon=True)
        self.letters, self.over = letters, threading.Event()
        self.weeks, self.draw = Weeks(state, letters), random.Random()
        self.order, self.later = itertools.count(), []
        self.sent, self.trouble = 0, ""
        # The software of the one that is to be disabled runs no more.
        self.turns = itertools.cycle(sorted(set(letters.callers) - {HAI_DUONG}))

    # Each step some seconds after the one before.
    def soon(self, after, step):
        heapq.heappush(self.later, (time.monotonic() + self.draw.uniform(*after), next(self.order), step))

    def send(self):
        plan = self.weeks.ordinary()
        document = self.letters.send(plan["sender"], plan["to"], plan["topic"], plan["urgency"])
        self.sent += 1
        for delivery in self.letters.deliveries(plan["sender"], document):
            self.soon((4, 15), lambda delivery=delivery: self.fetch(delivery))

    def fetch(self, delivery):
        self.letters.carry(delivery, "03")
        for after, status in (((10, 20), "05"), ((25, 60), "06")):
            self.soon(after, lambda status=status: self.report(delivery, status))

    def report(self, delivery, status):
        system = self.letters.state.system_of(delivery["recipient"]["code"])
        self.letters.report(self.letters.callers[system], f"/api/v1/deliveries/{delivery['id']}", status, self.draw)

    def take_test(self):
        """The next system's software takes the message by which somebody tries it: one from its own organisation."""
        state = self.letters.state
        for item in state.run("inbox", "--status", system=next(self.turns)):
            if item["from"] == item["to"]:
                state.take(item)

    def run(self):
        self.soon((0, 1), self.send)
        self.soon((0, 1), self.take_test)
        while not self.over.wait(0.2):
            while self.later and self.later[0][0] <= time.monotonic() and not self.over.is_set():
                step = heapq.heappop(self.later)[2]
                if step == self.send:
                    self.soon(EVERY, self.send)
                elif step == self.take_test:
                    self.soon((1, 1), self.take_test)
                try:
                    step()
                except Exception as error:  # traffic goes on; the first trouble is said
                    if not self.trouble and not self.over.is_set():
                        self.trouble = str(error)
                        print(f"life: {error}", file=sys.stderr, flush=True)

    def end(self):
        self.over.set()
        self.join(timeout=15)
