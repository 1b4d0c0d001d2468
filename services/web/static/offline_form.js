// A form that loses nothing: with a line it is sent as any form, and the page that comes back takes its place; without
// one, what was entered waits on this phone. `data-offline-form="issue"` or `"visit"`; its fields are called as those of
// the API's body, and `data-kind` says what a text means (lines, moment, number, flag).
import { REFUSED, itemOf, remove, save } from "./queue.js";
import { secondsAhead } from "./sending.js";
import { made, said, t } from "./words.js";

const ZONE = "+08:00"; // of the office's calendar, in which a form's moments are written
const WORDS = ["description", "said"];
const SECONDS = { form: 20, files: 120 };

export async function takeOver(form, person, list) {
  form.addEventListener("submit", (event) => {
    const isQuestion = Boolean(event.submitter?.name);
    if (isQuestion && navigator.onLine) return;
    event.preventDefault();
    if (isQuestion) show(form, NEEDS_LINE(), [], "heed");
    else if (!form.hasAttribute("aria-busy")) enter(form, person, list);
  });
  // A page from the cache holds a key that was used before: under it, this would be taken for a repetition.
  if (form.elements.key) form.elements.key.value = crypto.randomUUID();
  await reopen(form, person);
  addEventListener("hashchange", () => reopen(form, person));
}

// Nothing else is typed into the form until it is known what became of this.
async function enter(form, person, list) {
  const data = new FormData(form);
  const entry = entryOf(form, person);
  const fields = [...form.elements].filter((field) => !field.disabled);
  form.setAttribute("aria-busy", "true");
  for (const field of fields) field.disabled = true;
  try {
    if (form.dataset.item || !(await send(form, data, entry, person, list))) await keep(form, person, list, entry);
  } catch (error) {
    show(form, error.message === "no key" ? NO_KEY() : NO_ROOM());
  } finally {
    for (const field of fields) field.disabled = false;
    form.removeAttribute("aria-busy");
  }
}

// As any form, under the key and at the moment under which it would wait; so what may have arrived is not logged again.
// False: it did not arrive, as far as anybody can tell.
async function send(form, data, entry, person, list) {
  const ahead = navigator.onLine ? await secondsAhead() : null;
  if (ahead === null) return false;
  stamp(entry, ahead);
  data.set("key", entry.id);
  data.set("occurred_at", entry.content.body.occurred_at);
  const patience = 1000 * (entry.files.length ? SECONDS.files : SECONDS.form);
  let answer, page;
  try {
    answer = await fetch(form.action, { method: "POST", body: data, signal: AbortSignal.timeout(patience) });
    page = await answer.text();
  } catch {
    entry.content.tried = true;
    return false;
  }
  if (answer.status === 401) return false;
  if (answer.status >= 500) {
    entry.content.tried = true;
    return false;
  }
  if (answer.redirected) location.assign(answer.url);
  else await turnTo(form, new DOMParser().parseFromString(page, "text/html"), person, list);
  return true;
}

// The page that came back: the receipt, a question, or the form with what is wrong with it.
async function turnTo(form, page, person, list) {
  const main = document.adoptNode(page.querySelector("main"));
  if (main.querySelector("form, .receipt") === null) return show(form, main.textContent.trim());
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  for (const next of main.querySelectorAll("form[data-offline-form]")) await takeOver(next, person, list);
  const told = main.querySelector('[role="alert"], h1');
  told.setAttribute("tabindex", "-1");
  told.focus();
}

async function keep(form, person, list, entry) {
  const { id, content, files } = entry;
  stamp(entry, 0);
  const pictures = await Promise.all(files.map((file) => file.arrayBuffer()));
  await save(person.user, id, entry.savedAt, content, pictures);
  if (form.dataset.item) await remove(form.dataset.item);
  form.dataset.item = id;
  const verdict = await Promise.race([list.send(), patience()]);
  const item = await itemOf(person.user, id);
  if (item?.state === REFUSED) return show(form, said(item.content.problem), item.content.problem.errors);
  delete form.dataset.item;
  form.reset();
  history.replaceState(null, "", location.pathname);
  show(form, verdict === "done" ? t("已登记。", "Taken in.") : KEPT(), [], "done");
}

// -- what was entered ---------------------------------------------------------------------------------------------

// `body` as the API takes it, `entries` for showing the form again.
function entryOf(form, person) {
  const body = {};
  const entries = [];
  const files = [];
  const fields = [...form.elements].filter((field) => field.name && !field.disabled);
  for (const field of fields.filter((each) => each.type === "file")) {
    for (const file of field.files) files.push({ field: field.name, file });
  }
  const uploaded = fields.filter((field) => field.type === "hidden" && field.dataset.kind === "digest");
  for (const field of uploaded) (body[field.name] ??= []).push(field.value);
  for (const field of fields) {
    const isChosen = !["checkbox", "radio"].includes(field.type) || field.checked;
    if (["hidden", "file", "submit"].includes(field.type) || !isChosen || !field.value.trim()) continue;
    entries.push([field.name, field.value]);
    put(body, field);
  }
  const described = files.map(({ field, file }) => ({
    field, key: crypto.randomUUID(), type: file.type || "application/octet-stream",
  }));
  const kind = form.dataset.offlineForm;
  const content = { kind, page: location.pathname, called: calledOf(form), post: person.post, entries, body, files: described };
  return { id: crypto.randomUUID(), savedAt: new Date().toISOString(), content, files: files.map(({ file }) => file) };
}

function put(body, field) {
  const kind = field.dataset.kind ?? (field.type === "datetime-local" ? "moment" : field.type);
  const text = field.value;
  if (kind === "lines") body[field.name] = text.split("\n").map((line) => line.trim()).filter(Boolean);
  else if (field.type === "checkbox" && kind !== "flag") (body[field.name] ??= []).push(text);
  else if (kind === "flag") body[field.name] = text === "true";
  else if (kind === "number") body[field.name] = Number(text);
  else if (kind === "moment") body[field.name] = (text.length === 16 ? `${text}:00` : text) + ZONE;
  else body[field.name] = text;
}

// When it happened: what the form says, else the moment of saving. `stamped`: still to be held against the server's clock.
function stamp({ savedAt, content }, ahead) {
  if (content.body.occurred_at) return;
  content.body.occurred_at = new Date(Date.parse(savedAt) - 1000 * ahead).toISOString();
  content.stamped = ahead === 0;
}

// In few words, for the list: where, and how it begins.
function calledOf(form) {
  const village = form.elements.village;
  const place = village?.selectedOptions?.[0]?.textContent.trim() ?? village?.value ?? "";
  const words = WORDS.map((name) => form.elements[name]?.value.trim()).find(Boolean) ?? "";
  return [place, words.length > 24 ? `${words.slice(0, 24)}…` : words].filter(Boolean).join(" · ");
}

// -- what waits, shown in the form again to be changed: `#item=…` -------------------------------------------------

async function reopen(form, person) {
  const id = new URLSearchParams(location.hash.slice(1)).get("item");
  const item = id && form.isConnected && (await itemOf(person.user, id));
  if (!item?.content?.entries || item.content.kind !== form.dataset.offlineForm) return;
  form.reset();
  for (const [name, value] of item.content.entries) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["checkbox", "radio"].includes(field.type)) field.checked ||= field.value === value;
      else field.value = value;
      field.closest("details")?.setAttribute("open", "");
    }
  }
  form.dataset.item = id;
  const pictures = item.content.files.length;
  const again = pictures ? t(`原有 ${pictures} 个附件请重新选择。`, ` Choose its ${pictures} files again.`) : "";
  const { problem } = item.content;
  if (problem) show(form, said(problem) + again, problem.errors);
  else if (again) show(form, again, [], "heed");
}

function show(form, words, errors = [], manner = "wrong") {
  form.parentElement.querySelector("[data-offline-said]")?.remove();
  const reasons = errors.length ? made("ul", {}, ...errors.map((each) => made("li", {}, said(each)))) : null;
  const about = { class: `notice ${manner}`, role: "alert", tabindex: "-1", "data-offline-said": "" };
  const notice = made("div", about, made("p", {}, words), reasons);
  form.before(notice);
  notice.focus();
}

// A line that is there and carries nothing: whoever stands at the door does not wait for it.
const patience = () => new Promise((later) => setTimeout(later, 8_000, "later"));
const KEPT = () => t("已存在这部手机上，有信号后自动发送。", "Kept on this phone; it is sent when there is a line.");
const NEEDS_LINE = () => t("这一步需要信号；可以先保存。", "This needs a line; you can save it without.");
const NO_KEY = () => t("登录已到期，没有保存。请不要关闭本页，有信号时重新登录后再保存。", "Your log-in has ended, so nothing was kept. Leave this page open, log in again where there is a line, and save then.");
const NO_ROOM = () => t("这部手机存不下，没有保存。请减少照片后再试。", "This phone has no room for it, so nothing was kept. Try with fewer pictures.");
