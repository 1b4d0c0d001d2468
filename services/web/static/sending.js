// Sends what waits, item by item, oldest first. A refused one is marked with the reason and the rest goes on; without a
// line, or a log-in, everything stays for later. Each item's Idempotency-Key is its own: sent twice, it counts once.
import { REFUSED, SENT, WAITING, change, itemOf, itemsOf, learnKey, pictureOf } from "./queue.js";

const PATHS = { issue: "/api/v1/issues", visit: "/api/v1/visits/record-visit" };
const SECONDS = { line: 4, json: 20, file: 120 };
const LATER = new Set([408, 425, 429]);
const LOG_IN = new Set(["not-authenticated", "other-account", "password-must-change"]);

// What came of it: "done", "later" (no line) or "log-in". One tab at a time; the next one finds nothing left to do.
export function send(user) {
  return navigator.locks.request("huiyin-queue", () => sendAll(user));
}

async function sendAll(user) {
  const waiting = (await itemsOf(user)).filter((item) => item.state === WAITING);
  if (!waiting.length) return "done";
  const ahead = await secondsAhead();
  if (ahead === null) return "later";
  if (!(await learnKey(user))) return "log-in";
  for (const { id } of waiting) {
    const item = await itemOf(user, id);
    if (!item?.content || item.state !== WAITING) continue;
    const verdict = await sendOne(item, ahead);
    if (verdict !== "done") return verdict;
  }
  return "done";
}

// By how much this phone's clock is ahead of the server's, or null if there is no line. A clock that is behind is left
// alone: what it says has happened has happened.
export async function secondsAhead() {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(SECONDS.line * 1000) });
    const there = Date.parse(answer.headers.get("Date"));
    return answer.ok ? Math.max(0, (Date.now() - (there || Infinity)) / 1000) : null;
  } catch {
    return null;
  }
}

async function sendOne(item, ahead) {
  const { user, id, content } = item;
  // Once it was sent it stays as it was sent: the same key with another body would be refused.
  if (!content.tried && ahead > 0 && content.stamped) {
    content.body.occurred_at = new Date(Date.parse(content.body.occurred_at) - ahead * 1000).toISOString();
  }
  for (const [place, file] of content.files.entries()) {
    if (file.digest) continue;
    const told = await ask(item, upload(content, file), file.key, await pictureOf(user, id, place), file.type);
    if (told.verdict) return finish(item, told);
    file.digest = told.document.digest;
    (content.body[file.field] ??= []).push(file.digest);
    await change(user, id, WAITING, content);
  }
  content.tried = true;
  await change(user, id, WAITING, content);
  return finish(item, await ask(item, PATHS[content.kind], id, JSON.stringify(content.body), "application/json"));
}

function upload(content, file) {
  const about = new URLSearchParams({ village: content.body.village });
  if (content.body.household) about.set("household", content.body.household);
  return `/api/v1/files?${about}`;
}

// The answer's document; or why there is none: a verdict of "later", "log-in" or "refused".
async function ask(item, path, key, body, type) {
  const headers = { Accept: "application/json", "Content-Type": type, "Idempotency-Key": key };
  headers["Huiyin-Account"] = item.user;
  if (item.content.post) headers["Huiyin-Post"] = item.content.post;
  const patience = type === "application/json" ? SECONDS.json : SECONDS.file;
  let answer, document;
  try {
    answer = await fetch(path, { method: "POST", headers, body, signal: AbortSignal.timeout(patience * 1000) });
    document = await answer.json();
  } catch {
    return { verdict: "later" };
  }
  if (answer.ok) return { document };
  if (answer.status >= 500 || LATER.has(answer.status)) return { verdict: "later" };
  return { verdict: LOG_IN.has(document.code) ? "log-in" : "refused", document };
}

async function finish({ user, id, content }, { verdict, document }) {
  if (verdict === "refused") {
    const { zh, en, errors = [] } = document;
    content.problem = { zh, en, errors: errors.map((each) => ({ zh: each.zh, en: each.en })) };
    await change(user, id, REFUSED, content);
    return "done";
  }
  if (verdict) return verdict;
  const { number, receipt_code } = document;
  const { kind, called } = content;
  // What the office has now, the phone need not keep: only what the household was promised to be told.
  await change(user, id, SENT, { kind, called: called.split(" · ")[0], number, receipt: receipt_code, files: [] }, false);
  return "done";
}
