// From inserted words to where they came from, and back.

import { el, say, visible, words } from "./dom.js";

let cameFrom = null;

// The source in words, as `user, turn 1: "Chinese"`.
export function originText(origin) {
  const said = origin.words ? `: \u201c${visible(origin.words.trim())}\u201d` : "";
  switch (origin.kind) {
    case "slot":
      return `slot ${visible(origin.name ?? "")}`;
    case "caller":
      return `calling program${origin.name ? `: ${visible(origin.name)}` : ""}`;
    case "summary":
      return `summary of turns ${visible(origin.name ?? "")}${said}`;
    default: {
      const who = { user: origin.by ?? "user", resolved: "resolved message", reply: "assistant" }[origin.kind];
      return `${visible(who)}, ${origin.n === null ? "a turn that the log no longer holds" : `turn ${origin.n}`}${said}`;
    }
  }
}

// A link to the source where there is a place to go to. (Not a button: those do not break across lines as words do.)
export function originLink(origin, label, goTo, attributes = {}) {
  const title = originText(origin);
  const reachable = origin.kind === "slot" || origin.kind === "summary" || (origin.n !== null && origin.span !== null);
  if (!reachable) return words(label, "span", { title, ...attributes });
  const followed = (event) => {
    event.preventDefault();
    cameFrom = event.currentTarget;
    goTo(origin);
  };
  const looks = `to-source ${attributes.class ?? ""}`.trim();
  return el("a", { href: location.hash || "#", title, ...attributes, class: looks, on: { click: followed } }, words(label));
}

export function highlight(element, span) {
  clear();
  const marks = span ? wrap(element, span.start, span.end) : [];
  const target = marks[0] ?? element;
  if (!marks.length) element.classList.add("pointed");
  target.tabIndex = -1;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  target.focus({ preventScroll: true });
  say(`${marks.map((mark) => mark.textContent).join("") || "Source"} highlighted. Press Escape to go back.`);
}

export function goBack() {
  clear();
  const to = cameFrom;
  cameFrom = null;
  if (!to?.isConnected) return false;
  to.scrollIntoView({ block: "center" });
  to.focus({ preventScroll: true });
  return true;
}

export function clear() {
  for (const mark of document.querySelectorAll("mark.source")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
  document.querySelectorAll(".pointed").forEach((element) => element.classList.remove("pointed"));
}

// Marks code points start..end of what the element says; words that an edit took out do not count.
function wrap(element, start, end) {
  const marks = [];
  let at = 0;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(".removed")) texts.push(walker.currentNode);
  for (const node of texts) {
    const points = Array.from(node.data);
    const from = Math.max(0, start - at), to = Math.min(points.length, end - at);
    at += points.length;
    if (from >= to) continue;
    const middle = node.splitText(points.slice(0, from).join("").length);
    middle.splitText(points.slice(from, to).join("").length);
    const mark = document.createElement("mark");
    mark.className = "source";
    middle.replaceWith(mark);
    mark.append(middle);
    marks.push(mark);
  }
  return marks;
}
