"""A living State on this machine: the exchange, agencies that send each other documents, and people to sign in as.

First a short story, told in the terminal with the commands that anybody can type; then weeks of documents over the API;
then the exchange stays up while documents go on, until Ctrl-C.

usage: demonstration.py --truc BINARY [--web DIRECTORY] [--smoke | --once | --still | --code LOGIN] [--lang vi|en] [--port N]
"""
import argparse
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import affairs
from api import Refused
from letters import Letters
from life import Life
from organisations import STORY, whole_state
from people import PASSWORD, People, code_of
from state import KEPT, Failed, State, free_port
from story import smoke, story
from weeks import DOCUMENTS, Weeks

PORT = 8080  # where nothing else listens there


def populate(state, documents):
    """People, and documents in every state."""
    start = time.monotonic()
    state.tell("Giao chức vụ, cấp khóa, chứng thư …", "Posts, keys and certificates …")
    people = People(state)
    people.appoint()
    letters = Letters(state, affairs.keys_of_systems(state))
    letters.make_keys()
    affairs.arrange(state, people)
    count = Weeks(state, letters, documents).live()
    seconds = time.monotonic() - start
    state.tell(f"{count} văn bản, {len(state.organisations)} cơ quan, sau {seconds:.0f} giây; trục ghi giờ thật, nên mọi văn bản "
               "được tiếp nhận hôm nay", f"{count} documents, {len(state.organisations)} organisations, after {seconds:.0f} s; "
               "the exchange writes real times, so all of them were accepted today", "✓")
    return people, letters


def say_hello(state, people):
    program, secret = state.truc, state.home / "00.22.W00.secret"
    web = bool(state.web)
    print(f"""
Đăng nhập / sign in: {state.address}{'' if web else '/docs/api'}
  mật khẩu của mọi người / everybody's password: {PASSWORD}
{people.table()}
""")
    if not web:
        print("Chưa có ứng dụng web ở đây: xem API tại địa chỉ trên, hoặc theo docs/tour.md.\n"
              "The web application is not here yet: the address above describes the API; docs/tour.md shows it.\n")
    print(f"""Mã đổi sau mỗi 30 giây: nhấn Enter để xem mã mới, hoặc ở cửa sổ khác: ./run --code van.thu@h49
Codes change every 30 seconds: press Enter for new ones, or in another terminal: ./run --code van.thu@h49
Năm phút tham quan / a tour of five minutes: docs/tour.md

Gửi tệp .edxml của bạn / send an .edxml of yours (From: H49, To: G22, …):
  export TRUC_URL={state.url} TRUC_SYSTEM=00.22.W00 TRUC_SECRET_FILE={secret}
  {program} send FILE.edxml

Ctrl-C để dừng / ends it.""", flush=True)


def stay(state, people):
    """Until Ctrl-C, or until the server ends. Enter shows the codes of now."""
    say_hello(state, people)
    listening = sys.stdin.isatty()
    try:
        while state.server.poll() is None:
            if not listening:
                time.sleep(0.5)
            elif select.select([sys.stdin], [], [], 0.5)[0]:
                listening = bool(sys.stdin.readline())
                print(people.table(), flush=True)
        raise Failed((state.home / "server.log").read_text()[-2000:])
    except KeyboardInterrupt:
        print()


def live(state, options):
    story(state)
    if options.once:
        return
    people, letters = populate(state, options.documents)
    people.write()
    life = Life(state, letters)
    try:
        if not options.still:
            life.start()
        stay(state, people)
    finally:
        if life.is_alive():
            life.end()
        (state.kept / "people.json").unlink(missing_ok=True)


def read_options():
    parser = argparse.ArgumentParser(prog="./run")
    parser.add_argument("--truc", help=argparse.SUPPRESS)
    parser.add_argument("--web", help=argparse.SUPPRESS)
    parser.add_argument("--kept", type=Path, default=KEPT, help=argparse.SUPPRESS)
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help=argparse.SUPPRESS)
    parser.add_argument("--smoke", action="store_true", help="một văn bản rồi dừng / one document, then stop")
    parser.add_argument("--once", action="store_true", help="cả câu chuyện rồi dừng / the whole story, then stop")
    parser.add_argument("--still", action="store_true", help="không có văn bản mới sau đó / no more documents after that")
    parser.add_argument("--code", metavar="LOGIN", help="mã đăng nhập lúc này của một người / somebody's code of now")
    parser.add_argument("--lang", choices=["vi", "en"], help="ngôn ngữ / language")
    parser.add_argument("--port", type=int, default=0, help="cổng / port")
    return parser.parse_args()


def main():
    options = read_options()
    if options.code:
        code = code_of(options.kept, options.code)
        print(code or "không có trình diễn nào đang chạy với người này / no demonstration runs with that login",
              file=sys.stdout if code else sys.stderr)
        return 0 if code else 1
    locale = os.environ.get("TRUC_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    language = options.lang or ("en" if locale.startswith("en") else "vi")
    home = tempfile.mkdtemp(prefix="truc-demonstration-")
    small = options.smoke or options.once
    state = State(options.truc, home, language, STORY if small else whole_state(), options.web, options.kept)
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.default_int_handler)
    try:
        if options.smoke:
            state.open_exchange(options.port)
            smoke(state)
        else:
            state.open_exchange(options.port or (0 if small else free_port(PORT)), None if small else affairs.settings())
            live(state, options)
        return 0
    except KeyboardInterrupt:
        return 130
    except (Failed, Refused, subprocess.TimeoutExpired) as failed:
        print(f"{'failed' if state.english else 'thất bại'}: {failed}", file=sys.stderr)
        return 1
    finally:
        state.close()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
