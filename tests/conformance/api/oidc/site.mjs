// Trúc's side, as the script sees it: begin, finish, link. Here a test program; routes give the same.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";

export class Site {
  constructor(program, issuer, client, secret, redirect) {
    this.directory = fs.mkdtempSync(path.join(os.tmpdir(), "truc-oidc-"));
    this.process = spawn(program, [this.directory, issuer, client, secret, redirect], { stdio: ["pipe", "pipe", "inherit"] });
    this.waiting = [];
    readline.createInterface({ input: this.process.stdout }).on("line", (line) => this.waiting.shift()(JSON.parse(line)));
  }
  ask(what) {
    return new Promise((answered) => {
      this.waiting.push(answered);
      this.process.stdin.write(JSON.stringify(what) + "\n");
    });
  }
  begin() { return this.ask({ do: "begin" }); }
  finish(ceremony, query) { return this.ask({ do: "finish", ceremony, query }); }
  link(ceremony, code) { return this.ask({ do: "link", ceremony, code }); }
  async linkCode(person) { return (await this.ask({ do: "link_code", person })).code; }
  later(seconds) { return this.ask({ do: "later", seconds }); }
  stop() { this.process.stdin.end(); fs.rmSync(this.directory, { recursive: true, force: true }); }
}
