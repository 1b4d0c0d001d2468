// On every page of somebody logged in: what they may need without a line is kept, what they entered is sent, and what
// is theirs leaves the phone when they do (decision 0035).
import { SENT, countAll, forgetKeys, itemsOf, learnKey } from "./queue.js";
import { takeOver } from "./offline_form.js";
import { t } from "./words.js";
import { List } from "./waiting.js";

const PAGES = "huiyin-pages-";
const HOUR = 3_600_000; // ms
const told = document.querySelector('meta[name="huiyin-person"]');
const possible = isSecureContext && "serviceWorker" in navigator && "locks" in navigator;

async function stay(person) {
  await forget(person.user);
  const registered = navigator.serviceWorker.register("/sw.js").catch(() => null);
  await learnKey(person.user);
  const list = new List(document.querySelector("#waiting"), person.user);
  for (const form of document.querySelectorAll("form[data-offline-form]")) await takeOver(form, person, list);
  for (const form of document.querySelectorAll('form[action="/logout"], form[action="/account/sessions"]')) seeOut(form, person);
  await list.show();
  await list.send();
  if (await registered) await keepPages(person.user);
}

// Nothing of anybody but this person stays readable here.
async function forget(user) {
  await forgetKeys(user);
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && name !== PAGES + user) await caches.delete(name);
  }
}

// The pages of the list that the server gives, as this person sees them; the service worker serves them without a line.
async function keepPages(user) {
  const cache = await caches.open(PAGES + user);
  for (const address of told.dataset.keeps.split(" ")) {
    const had = await cache.match(address, { ignoreVary: true });
    if (had && (await isGood(had))) continue;
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (answer.ok && !answer.redirected) await cache.put(address, answer);
    } catch {
      return;
    }
  }
}

// In this language, with the files of this version, and not old.
async function isGood(page) {
  const isRecent = Date.now() - Date.parse(page.headers.get("Date")) < HOUR;
  const inLanguage = page.headers.get("Content-Language") === document.documentElement.lang;
  return isRecent && inLanguage && (await page.text()).includes(told.dataset.assets);
}

// What waits stays, sealed, for its owner's next log-in; so the server is asked not to have everything cleared.
function seeOut(form, person) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const mine = (await itemsOf(person.user)).filter((item) => item.state !== SENT).length;
    if (mine && !confirm(LEAVING(mine))) return;
    if (await countAll()) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "keep", value: "queue" });
      form.append(field);
    }
    await forget(null);
    form.submit();
  });
}

function tellWhyNot() {
  for (const place of document.querySelectorAll("[data-offline-notice]")) {
    place.textContent = isSecureContext ? NO_BROWSER() : NO_HTTPS();
    place.hidden = false;
  }
}

const LEAVING = (n) => t(
  `还有 ${n} 条没有发送。它们会加密留在这部手机上，您再次登录后才能看到和发送。仍要退出吗？`,
  `${n} are not sent yet. They stay on this phone, sealed, until you log in again. Log out all the same?`,
);
const NO_HTTPS = () => t(
  "离线登记已关闭：本站地址不是 https，浏览器不允许在手机上保存。其他功能照常使用；请管理员为本站配置 https。",
  "Entering without a line is off: this address is not https, so the browser keeps nothing. Everything else works; ask the administrator for https.",
);
const NO_BROWSER = () => t(
  "离线登记已关闭：这个浏览器不支持。其他功能照常使用。",
  "Entering without a line is off: this browser cannot do it. Everything else works.",
);

if (!possible) tellWhyNot();
else if (told) stay({ user: told.content, post: told.dataset.post || null });
else if (document.querySelector("[data-signed-out]")) forget(null);
