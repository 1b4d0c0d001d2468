// Serves the pages' files, and a few pages of whoever logged in last, while there is no line. It keeps nothing that is
// not on the server's list (HUIYIN, which the server writes before this text), and no data of a case (decision 0035).
const ASSETS = `huiyin-assets-${HUIYIN.version}`;
const PAGES = "huiyin-pages-";
const PATIENCE = 6_000; // ms, where there is a kept page
const LONGEST = HUIYIN.hours * 3_600_000; // ms

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (request.mode === "navigate") event.respondWith(page(request, pathname));
});

async function install() {
  await (await caches.open(ASSETS)).addAll(HUIYIN.assets);
  await self.skipWaiting();
}

async function takeOver() {
  await drop((name) => name.startsWith("huiyin-assets-") && name !== ASSETS);
  await self.clients.claim();
}

async function drop(unwanted) {
  for (const name of await caches.keys()) if (unwanted(name)) await caches.delete(name);
}

// Their address changes with what they hold: what is kept is right.
async function asset(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function page(request, path) {
  const kept = await keptPage(path);
  try {
    return await (kept ? Promise.race([fetch(request), tooLate()]) : fetch(request));
  } catch {
    return kept ?? (await keptPage("/offline")) ?? Response.error();
  }
}

const tooLate = () => new Promise((_, reject) => setTimeout(reject, PATIENCE));

async function keptPage(path) {
  if (!HUIYIN.pages.includes(path)) return null;
  for (const name of await caches.keys()) {
    const found = name.startsWith(PAGES) && (await (await caches.open(name)).match(path, { ignoreVary: true }));
    if (found && Date.now() - Date.parse(found.headers.get("Date")) < LONGEST) return found;
  }
  return null;
}
