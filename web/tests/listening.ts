// What somebody hears who does not see: the accessibility tree of Chromium in reading order, where the focus goes, and
// what is announced meanwhile, as one text that a person can read and judge. A model of a screen reader in browse mode;
// a real one differs in wording, not in what there is to be said.
import type { CDPSession, Page } from "@playwright/test"

type Language = "vi" | "en"

interface Value {
  value?: unknown
}
interface Node {
  nodeId: string
  ignored: boolean
  role?: Value
  name?: Value
  value?: Value
  description?: Value
  properties?: { name: string; value: Value }[]
  childIds?: string[]
  backendDOMNodeId?: number
}

const ROLES: Record<string, Record<Language, string>> = {
  alert: { vi: "cảnh báo", en: "alert" },
  alertdialog: { vi: "hộp thoại cảnh báo", en: "alert dialog" },
  banner: { vi: "đầu trang", en: "banner" },
  button: { vi: "nút", en: "button" },
  checkbox: { vi: "hộp kiểm", en: "check box" },
  combobox: { vi: "hộp chọn", en: "combo box" },
  Date: { vi: "ô ngày", en: "date field" },
  Details: { vi: "mục mở ra được", en: "details" },
  DisclosureTriangle: { vi: "nút mở", en: "disclosure" },
  DisclosureTriangleGrouped: { vi: "nút mở", en: "disclosure" },
  dialog: { vi: "hộp thoại", en: "dialog" },
  form: { vi: "biểu mẫu", en: "form" },
  group: { vi: "nhóm", en: "group" },
  heading: { vi: "tiêu đề cấp", en: "heading level" },
  image: { vi: "hình", en: "image" },
  InputTime: { vi: "ô giờ", en: "time field" },
  link: { vi: "liên kết", en: "link" },
  list: { vi: "danh sách", en: "list" },
  listbox: { vi: "danh sách chọn", en: "list box" },
  main: { vi: "nội dung chính", en: "main" },
  navigation: { vi: "điều hướng", en: "navigation" },
  option: { vi: "lựa chọn", en: "option" },
  progressbar: { vi: "tiến độ", en: "progress bar" },
  radio: { vi: "nút chọn", en: "radio button" },
  radiogroup: { vi: "nhóm nút chọn", en: "radio group" },
  region: { vi: "vùng", en: "region" },
  search: { vi: "tìm kiếm", en: "search" },
  searchbox: { vi: "ô tìm", en: "search field" },
  spinbutton: { vi: "ô số", en: "spin button" },
  status: { vi: "trạng thái", en: "status" },
  textbox: { vi: "ô nhập", en: "edit field" },
}
// Said as one, with what is in them.
const WHOLE = new Set(["button", "checkbox", "combobox", "Date", "DisclosureTriangle", "DisclosureTriangleGrouped", "heading", "image", "link", "option", "progressbar", "radio", "searchbox", "spinbutton", "textbox"])
const STATES: Record<string, Record<Language, string>> = {
  required: { vi: "bắt buộc", en: "required" },
  invalid: { vi: "chưa hợp lệ", en: "invalid" },
  disabled: { vi: "không dùng được", en: "unavailable" },
  opened: { vi: "đang mở", en: "expanded" },
  closed: { vi: "đang đóng", en: "collapsed" },
  on: { vi: "đã chọn", en: "checked" },
  off: { vi: "chưa chọn", en: "not checked" },
  empty: { vi: "trống", en: "blank" },
  items: { vi: "mục", en: "items" },
}
const BLOCKS = new Set(["paragraph", "listitem", "term", "definition", "DescriptionList", "LabelText", "generic-block", "time"])

const text = (one?: Value) => (typeof one?.value === "string" ? one.value.replace(/\s+/g, " ").trim() : one?.value === undefined ? "" : String(one.value))

export class Listener {
  readonly #lines: string[] = []

  private constructor(
    readonly page: Page,
    readonly session: CDPSession,
    readonly language: Language,
  ) {}

  /** To be made before the page is opened. */
  static async begin(page: Page, language: Language): Promise<Listener> {
    await page.addInitScript(listen)
    const session = await page.context().newCDPSession(page)
    await session.send("Accessibility.enable")
    return new Listener(page, session, language)
  }

  /** What has been heard, without what differs between two runs. */
  heard(): string {
    return `${usual(this.#lines.join("\n"))}\n`
  }

  /** A line about what the person does. */
  does(what: string) {
    this.#lines.push("", `> ${what}`)
  }

  /** What was announced since the last time, in its order. */
  async announced() {
    const all = await this.page.evaluate(() => {
      const heard = globalThis as { announced?: string[] }
      return heard.announced?.splice(0) ?? []
    })
    // That something is awaited is said where the machine is slow.
    for (const one of all) if (!/^(Đang tải|Loading)…$/.test(one)) this.#lines.push(`  ((${one}))`)
  }

  /** What has the focus now. */
  async focus() {
    const nodes = await this.#tree()
    const focused = nodes.filter((one) => !one.ignored && this.#is(one, "focused")).pop()
    this.#lines.push(`  → ${focused ? this.#say(focused, new Map(nodes.map((one) => [one.nodeId, one]))) : "?"}`)
    return focused ? text(focused.name) : ""
  }

  /** Presses Tab until the name of what has the focus begins so; says each stop. */
  async tabTo(name: RegExp, most = 60) {
    for (let presses = 0; presses < most; presses++) {
      await this.page.keyboard.press("Tab")
      if (name.test(await this.focus())) return
    }
    throw new Error(`the keyboard does not reach ${name}`)
  }

  /** Everything in the first element of that role, from its beginning to its end. */
  async reads(role: string, name?: RegExp) {
    const nodes = await this.#tree()
    const known = new Map(nodes.map((one) => [one.nodeId, one]))
    const from = nodes.find((one) => !one.ignored && text(one.role) === role && (!name || name.test(text(one.name))))
    if (!from) throw new Error(`there is no ${role} ${name ?? ""}`)
    this.#read(from, known, 1)
  }

  async #tree(): Promise<Node[]> {
    const nodes = (await this.session.send("Accessibility.getFullAXTree")).nodes as Node[]
    // The tree has the number of a part of a date; what is said is its text.
    for (const node of nodes) if (text(node.role) === "spinbutton" && node.backendDOMNodeId !== undefined) node.value = { value: await this.#valueText(node.backendDOMNodeId) }
    return nodes
  }

  async #valueText(backendNodeId: number): Promise<unknown> {
    const { object } = await this.session.send("DOM.resolveNode", { backendNodeId })
    const functionDeclaration = 'function () { return this.getAttribute("aria-valuetext") ?? "" }'
    const { result } = await this.session.send("Runtime.callFunctionOn", { objectId: String(object.objectId), functionDeclaration, returnByValue: true })
    return result.value as unknown
  }

  #property = (node: Node, name: string) => node.properties?.find((one) => one.name === name)?.value.value
  #is = (node: Node, name: string) => this.#property(node, name) === true

  /** Name, role, states and description, in the order in which they are said. */
  #say(node: Node, known: Map<string, Node>): string {
    const role = text(node.role)
    const parts = [text(node.name)]
    const word = ROLES[role]?.[this.language] ?? role
    const level = this.#property(node, "level")
    const items = role === "list" ? this.#items(node, known) : 0
    parts.push(role === "heading" ? `${word} ${String(level)}` : items > 0 ? `${word} ${items} ${STATES.items?.[this.language]}` : word)
    const value = text(node.value)
    if (["textbox", "searchbox", "spinbutton", "combobox", "progressbar", "Date"].includes(role)) parts.push(value === "" ? (STATES.empty?.[this.language] ?? "") : `“${value}”`)
    const state = (name: string) => parts.push(STATES[name]?.[this.language] ?? name)
    const checked = this.#property(node, "checked")
    if (checked !== undefined && ["checkbox", "radio", "option"].includes(role)) state(checked === "true" || checked === true ? "on" : "off")
    const expanded = this.#property(node, "expanded")
    if (expanded !== undefined) state(expanded === true ? "opened" : "closed")
    for (const name of ["required", "disabled"]) if (this.#is(node, name)) state(name)
    if (this.#property(node, "invalid") === "true") state("invalid")
    if (text(node.description)) parts.push(text(node.description))
    return parts.filter(Boolean).join(", ")
  }

  #items(node: Node, known: Map<string, Node>): number {
    return (node.childIds ?? []).map((id) => known.get(id)).reduce((sum, one) => sum + (one === undefined ? 0 : one.ignored ? this.#items(one, known) : text(one.role) === "listitem" ? 1 : 0), 0)
  }

  #whole(node: Node, known: Map<string, Node>): Node | undefined {
    for (const id of node.childIds ?? []) {
      const one = known.get(id)
      if (!one) continue
      const found = !one.ignored && WHOLE.has(text(one.role)) ? one : this.#whole(one, known)
      if (found) return found
    }
    return undefined
  }

  #read(from: Node, known: Map<string, Node>, depth: number) {
    let row: string[] = []
    const put = (line: string, at: number) => this.#lines.push(`${"  ".repeat(at)}${line}`)
    const flush = (at: number) => {
      const whole = row.join(" ").trim()
      if (whole !== "") put(whole, at)
      row = []
    }
    const walk = (node: Node, at: number) => {
      const role = text(node.role)
      const children = () => (node.childIds ?? []).map((id) => known.get(id)).filter((one) => one !== undefined)
      if (node.ignored || role === "generic" || role === "none") return children().forEach((one) => walk(one, at))
      if (role === "StaticText") return void row.push(text(node.name))
      if (role === "InlineTextBox" || role === "ListMarker") return
      if (WHOLE.has(role)) {
        flush(at)
        return put(this.#say(node, known), at)
      }
      if (role in ROLES) {
        flush(at)
        const before = this.#lines.length
        put(`[${this.#say(node, known)}]`, at)
        children().forEach((one) => walk(one, at + 1))
        flush(at + 1)
        // A region that waits for something to say is passed over.
        if (role === "status" && this.#lines.length === before + 1) this.#lines.pop()
        return
      }
      if (role === "LabelText") {
        // A label around its control is said with it.
        const inside = this.#whole(node, known)
        if (inside) {
          flush(at)
          return put(this.#say(inside, known), at)
        }
      }
      if (BLOCKS.has(role)) flush(at)
      children().forEach((one) => walk(one, at))
      if (BLOCKS.has(role)) flush(at)
    }
    walk(from, depth)
    flush(depth)
  }
}

/** In the page: notes what live regions say, by their rules. */
function listen() {
  const heard: string[] = []
  Object.assign(globalThis, { announced: heard })
  const REGIONS = "[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]"
  const plain = (one: globalThis.Node) => (one instanceof HTMLElement ? (one.closest("[aria-hidden=true]") ? "" : one.innerText) : one.parentElement?.closest("[aria-hidden=true]") ? "" : (one.textContent ?? "")).replace(/\s+/g, " ").trim()
  const say = (words: string) => {
    if (words !== "" && heard.at(-1) !== words) heard.push(words)
  }
  const watched = new MutationObserver((changes) => {
    const whole = new Set<Element>()
    for (const change of changes) {
      const target = change.target instanceof Element ? change.target : change.target.parentElement
      const region = target?.closest(REGIONS)
      const added = change.type === "characterData" ? [change.target] : [...change.addedNodes]
      for (const one of added) {
        if (!region) {
          // A region that comes with its words is announced when it is an alert.
          if (one instanceof Element) for (const alert of [one, ...one.querySelectorAll("[role=alert]")]) if (alert.matches("[role=alert]")) whole.add(alert)
          continue
        }
        if (region.getAttribute("aria-busy") === "true") continue
        if (region.matches("[role=status], [role=alert], [aria-atomic=true]")) whole.add(region)
        else say(plain(one))
      }
    }
    for (const one of whole) say(plain(one))
  })
  watched.observe(document, { subtree: true, childList: true, characterData: true })
}

/** Without times, ids and numbers that each run has of its own. */
function usual(heard: string): string {
  return heard
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replace(/\b[0-9a-f]{24}\b/g, "ID")
    .replace(/\b\d{1,2}:\d{2}(:\d{2})?/g, "HH:MM")
    .replace(/\b(?!20\/11\/2026)\d{1,2}\/\d{1,2}\/\d{4}\b/g, "DD/MM/YYYY")
    .replace(/\b\d{1,2} (January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec) \d{4}/g, "DD Month YYYY")
    .replace(/\b\d+ (phút|giây|giờ)\b/g, "N $1")
    .replace(/\b\d+ (minutes?|seconds?|hours?|min)\b/g, "N $1")
    .replace(/(mục nhật ký|nhật ký số|journal entry|nhật ký|entry) ([\d.,]+)/gi, "$1 N")
    .replace(/-\d+\.pdf [\d.,]+ kB/g, "-N.pdf N kB")
    .replace(/\b\d+ (chưa đọc|unread|bằng chứng|evidence)s?/g, "N $1")
    .replace(/\d+\s*%/g, "N %")
}
