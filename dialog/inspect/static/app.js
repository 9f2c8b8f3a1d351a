// Where the page starts: the key, the list, the dialog that is open, and news of it.

import { dropKey, get, heldKey, holdKey, Refused } from "./api.js";
import { number } from "./dom.js";
import { DialogList } from "./list.js";
import { DialogPage } from "./page.js";
import { clear, goBack } from "./sources.js";

const LIST_EVERY_MS = 5000, AGAIN_MS = 3000;
const MANY = 200, MANY_EVERY = 12; // a long list is read anew once a minute: every dialog in it is loaded
const byId = (id) => document.getElementById(id);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const session = await get("session");
const list = new DialogList(byId("dialogs"), (ref) => { location.hash = ref ? `d=${encodeURIComponent(ref)}` : ""; });
let watching = null;
let found = { dialogs: [], found: 0 };

function askForKey(problem = "") {
  stop();
  byId("layout").hidden = true;
  byId("key-form").hidden = false;
  byId("key-why").textContent = session.auth === "key"
    ? "This server shows dialogs to those who hold one of its keys."
    : "Dialogs are told apart by the key that their messages came with. Give the one your program sends.";
  byId("no-key").hidden = session.auth !== "credential";
  byId("key-problem").textContent = problem;
  byId("key").focus();
}

function showProblem(problem) {
  if (problem?.name === "AbortError") return;
  if (problem instanceof Refused && problem.status === 401) {
    dropKey();
    askForKey(problem.message);
    return;
  }
  byId("problem").textContent = problem instanceof Refused ? problem.message : "The server cannot be reached.";
}

async function start() {
  if (session.auth !== "none" && heldKey() === null) return askForKey();
  byId("key-form").hidden = true;
  byId("layout").hidden = false;
  byId("forget-key").hidden = session.auth === "none";
  await readList();
  await openFromHash();
}

async function readList() {
  try {
    found = await get("dialogs", { find: byId("find").value.trim() || undefined });
    list.show(found.dialogs);
    const shown = found.dialogs.length;
    byId("count").textContent = shown < found.found ? `the newest ${number(shown)} of ${number(found.found)}` : `${number(shown)} ${shown === 1 ? "dialog" : "dialogs"}`;
  } catch (problem) {
    showProblem(problem);
  }
}

function stop() {
  watching?.abort();
  watching = null;
  byId("live").textContent = "";
}

async function openFromHash() {
  const ref = new URLSearchParams(location.hash.slice(1)).get("d") ?? "";
  stop();
  byId("problem").textContent = "";
  list.choose(ref);
  document.body.classList.toggle("reading", Boolean(ref));
  if (!ref || byId("layout").hidden) return;
  const page = new DialogPage(byId("dialog"), session, () => {
    location.hash = "";
    byId("dialogs").focus();
  });
  const watch = (watching = new AbortController());
  try {
    await page.load(ref);
    page.title.focus({ preventScroll: true });
    scrollTo(0, 0);
    await follow(page, watch.signal);
  } catch (problem) {
    if (!watch.signal.aborted) {
      byId("live").textContent = "";
      showProblem(problem);
    }
  }
}

// The server holds each question until the dialog changed, so news arrives at once and an idle page costs little.
async function follow(page, signal) {
  while (!signal.aborted) {
    try {
      byId("live").textContent = "live";
      const now = await get("watch", { ref: page.ref, mark: page.mark }, signal);
      byId("problem").textContent = "";
      if (now.ref !== page.ref) {
        history.replaceState(null, "", `#d=${encodeURIComponent(now.ref)}`);
        await page.load(now.ref);
        await readList();
        list.choose(now.ref);
      } else if (now.mark !== page.mark) {
        await page.load(page.ref);
      }
    } catch (problem) {
      if (signal.aborted || (problem instanceof Refused && problem.status < 500)) throw problem;
      byId("live").textContent = "connection lost, trying again";
      await wait(AGAIN_MS);
    }
  }
}

byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const key = byId("key").value.trim();
  if (!/^[\x21-\x7e]+$/.test(key)) return askForKey("A key holds letters, digits and signs of ASCII, without spaces.");
  holdKey(key);
  byId("key").value = "";
  start();
});
byId("no-key").addEventListener("click", () => {
  holdKey("");
  start();
});
byId("forget-key").addEventListener("click", () => {
  dropKey();
  location.hash = "";
  byId("dialog").replaceChildren();
  list.show([]);
  askForKey();
});
let typing = 0;
byId("find").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(readList, 200);
});
addEventListener("hashchange", openFromHash);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && goBack()) event.preventDefault();
});
addEventListener("click", (event) => {
  if (!event.target.closest(".to-source, mark.source")) clear();
});
let ticks = 0;
setInterval(() => {
  if (found.found > MANY && ++ticks % MANY_EVERY) return;
  if (document.visibilityState === "visible" && !byId("layout").hidden) readList();
}, LIST_EVERY_MS);

await start();
