// The list of what waits on this phone, above the page: what, since when, why not sent; open, delete, send now.
import { REFUSED, SENT, WAITING, itemsOf, remove } from "./queue.js";
import { send } from "./sending.js";
import { button, made, minute, said, t } from "./words.js";

const KINDS = { issue: ["问题登记", "Issue"], visit: ["走访记录", "Visit"] };
const FIRST_PAUSE = 30_000; // ms
const LONGEST_PAUSE = 300_000;
const others = new BroadcastChannel("huiyin-queue");

// Shown in `place` for this person; `list.send()` after a save. It sends by itself whenever there may be a line.
export class List {
  #place;
  #user;
  #last = "done";
  #pause = FIRST_PAUSE;
  #timer;
  #told = 0;
  #spoken = made("p", { role: "status", class: "unseen" });

  constructor(place, user) {
    this.#place = place;
    this.#user = user;
    others.addEventListener("message", () => this.show());
    addEventListener("online", () => this.send());
    addEventListener("offline", () => this.show());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.send());
  }

  // Sends what waits; what came of it: "done", "later" or "log-in".
  async send() {
    clearTimeout(this.#timer);
    this.#last = navigator.onLine ? await send(this.#user) : "later";
    this.#pause = this.#last === "later" ? Math.min(2 * this.#pause, LONGEST_PAUSE) : FIRST_PAUSE;
    if (this.#last === "later") this.#timer = setTimeout(() => this.send(), this.#pause);
    await this.changed();
    return this.#last;
  }

  // Here and in this person's other tabs.
  async changed() {
    others.postMessage("changed");
    await this.show();
  }

  async show() {
    const items = await itemsOf(this.#user);
    const told = items.filter((item) => item.state !== WAITING).length;
    const open = this.#place.querySelector("details")?.open || told > this.#told;
    this.#told = told;
    const parts = items.length ? [this.#list(items, open)] : [];
    if (!navigator.onLine) parts.unshift(made("p", { class: "notice heed" }, OFFLINE()));
    else if (this.#last === "log-in") parts.unshift(this.#logIn());
    this.#place.replaceChildren(this.#spoken, ...parts);
    this.#place.hidden = !parts.length;
    const summary = this.#place.querySelector("summary")?.textContent ?? "";
    if (this.#spoken.textContent !== summary) this.#spoken.textContent = summary;
  }

  #logIn() {
    const next = encodeURIComponent(location.pathname);
    const link = made("a", { href: `/login?next=${next}` }, t("重新登录", "Log in again"));
    return made("p", { class: "notice heed" }, link, t("后自动发送。", " and it is sent."));
  }

  #list(items, open) {
    const of = (state) => items.filter((item) => item.state === state).length;
    const counts = [
      [of(WAITING), (n) => t(`${n} 条待发送`, `${n} waiting to be sent`)],
      [of(REFUSED), (n) => t(`${n} 条需更正`, `${n} to be corrected`)],
      [of(SENT), (n) => t(`${n} 条已登记`, `${n} taken in`)],
    ];
    const told = counts.filter(([n]) => n).map(([n, words]) => words(n)).join(" · ");
    const details = made("details", open ? { open: "" } : {}, made("summary", {}, told));
    details.append(made("ul", { class: "list" }, ...items.map((item) => this.#line(item))));
    if (of(WAITING)) details.append(button(t("立即发送", "Send now"), () => this.send()));
    return details;
  }

  #line(item) {
    const { state, content, savedAt } = item;
    const kind = content ? t(...KINDS[content.kind]) : t("已加密，登录后可看", "Sealed; log in to see it");
    const line = made("li", { "data-item": item.id }, made("strong", {}, kind), ` ${content?.called ?? ""} · ${minute(savedAt)}`);
    if (content) line.append(this.#standing(state, content), this.#actions(item));
    return line;
  }

  #standing(state, content) {
    if (state === SENT) {
      const receipt = content.receipt ? t(`，查询码 ${content.receipt}`, `, code ${content.receipt}`) : "";
      const number = content.number ? made("a", { href: `/issues/${content.number}` }, content.number) : null;
      return made("p", { class: "notice done" }, t("已登记 ", "Taken in "), number, receipt);
    }
    if (state === REFUSED) {
      const reasons = content.problem.errors.map((each) => made("li", {}, said(each)));
      const list = reasons.length ? made("ul", {}, ...reasons) : null;
      return made("div", { class: "notice wrong" }, t("未被接收：", "Not taken in: "), said(content.problem), list);
    }
    return made("p", { class: "quiet" }, content.tried ? TRIED() : t("待发送", "Waiting"));
  }

  #actions({ id, state, content }) {
    const actions = made("p", { class: "actions" });
    // What may already have arrived is not changed: with another content it would count a second time.
    if (state === REFUSED || (state === WAITING && !content.tried)) {
      actions.append(made("a", { class: "button", href: `${content.page}#item=${id}` }, t("打开修改", "Open and change")));
    }
    const gone = async () => {
      if (state !== SENT && !confirm(content.tried ? SURE_TRIED() : SURE())) return;
      await remove(id);
      await this.changed();
    };
    actions.append(button(state === SENT ? t("知道了", "Noted") : t("删除", "Delete"), gone));
    return actions;
  }
}

const OFFLINE = () => t("现在没有信号。登记的内容先存在这部手机上，有信号后自动发送。", "There is no line now. What you enter is kept on this phone and sent when there is one.");
const TRIED = () => t("已发出，还没有收到回音；重发不会重复登记。", "Sent, but no answer came yet; sending it again does not count twice.");
const SURE = () => t("删除后无法找回。确定删除？", "It cannot be brought back. Delete it?");
const SURE_TRIED = () => t("这一条可能已经登记。只从这部手机上删除？", "It may have been taken in already. Delete it from this phone only?");
