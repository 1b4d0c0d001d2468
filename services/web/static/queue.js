// What waits on this phone: one record an item in IndexedDB, its content sealed with its owner's key (decision 0035).
// Called by sending.js, waiting.js and offline_form.js; no other file touches the store.
import { openDB } from "./idb.js";

const opened = openDB("huiyin", 1, {
  upgrade(db) {
    db.createObjectStore("items", { keyPath: "id" }).createIndex("user", "user");
    db.createObjectStore("keys", { keyPath: "user" });
  },
  // Another tab brings a newer shape, or empties the store: let it.
  blocking(_, __, event) {
    event.target.close();
  },
});
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const WAITING = "waiting";
export const REFUSED = "refused";
export const SENT = "sent";

// -- the key ------------------------------------------------------------------------------------------------------

// Whether this person's key is here; asked of the server if it is not. It stays until their session's end at the latest.
export async function learnKey(user) {
  if (await keyOf(user)) return true;
  let told;
  try {
    const answer = await fetch("/api/v1/me/offline-key", { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) return false;
    told = await answer.json();
  } catch {
    return false;
  }
  if (told.account !== user) return false;
  const bytes = Uint8Array.from(atob(told.key), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  await (await opened).put("keys", { user, key, until: Date.parse(told.until) });
  return true;
}

async function keyOf(user) {
  const kept = await (await opened).get("keys", user);
  if (kept && kept.until > Date.now()) return kept.key;
  if (kept) await (await opened).delete("keys", user);
  return null;
}

// The keys of everybody but this person (null: of everybody) leave the phone; sealed items stay for their owners.
export async function forgetKeys(except) {
  const db = await opened;
  for (const user of await db.getAllKeys("keys")) if (user !== except) await db.delete("keys", user);
}

// -- items --------------------------------------------------------------------------------------------------------

// Puts an item in, or another content in its place. `photos`: ArrayBuffers, in the order of content.files.
// Throws Error("no key") where the person has to log in first.
export async function save(user, id, savedAt, content, photos) {
  const key = await keyOf(user);
  if (!key) throw new Error("no key");
  const sealed = await seal(key, id, encoder.encode(JSON.stringify(content)));
  const pictures = [];
  for (const photo of photos) pictures.push(await seal(key, id, photo));
  await (await opened).put("items", { id, user, savedAt, state: WAITING, sealed, pictures });
}

// The person's items, oldest first; each with its content, or null while their key is not here.
export async function itemsOf(user) {
  const db = await opened;
  const records = await db.getAllFromIndex("items", "user", user);
  records.sort((one, other) => (one.savedAt < other.savedAt ? -1 : 1));
  const key = await keyOf(user);
  return Promise.all(records.map((record) => open(key, record)));
}

// One item, or null if it is gone.
export async function itemOf(user, id) {
  const record = await (await opened).get("items", id);
  return record && record.user === user ? open(await keyOf(user), record) : null;
}

async function open(key, record) {
  const { id, user, savedAt, state } = record;
  const content = key ? JSON.parse(decoder.decode(await unseal(key, id, record.sealed))) : null;
  return { id, user, savedAt, state, content };
}

// One picture of an item, as an ArrayBuffer.
export async function pictureOf(user, id, place) {
  const record = await (await opened).get("items", id);
  return unseal(await keyOf(user), id, record.pictures[place]);
}

// What became of an item. `keepsPictures`: whether they may still be needed.
export async function change(user, id, state, content, keepsPictures = true) {
  const db = await opened;
  const record = await db.get("items", id);
  const key = await keyOf(user);
  if (!record || !key) return;
  const sealed = await seal(key, id, encoder.encode(JSON.stringify(content)));
  await db.put("items", { ...record, state, sealed, pictures: keepsPictures ? record.pictures : [] });
}

export async function remove(id) {
  await (await opened).delete("items", id);
}

// How many items of anybody's are on this phone.
export async function countAll() {
  return (await opened).count("items");
}

// The id binds a content to its item: sealed words cannot be put under another.
async function seal(key, id, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(id) }, key, bytes);
  return { iv, data };
}

function unseal(key, id, { iv, data }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(id) }, key, data);
}
