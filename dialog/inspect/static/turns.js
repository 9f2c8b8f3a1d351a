// The timeline: turns and what happened between them, in bands by topic.

import { el, words } from "./dom.js";
import { historyNote } from "./chart.js";
import { droppedText, promptDetails } from "./prompt.js";
import { changeText } from "./slots.js";
import { originLink, originText } from "./sources.js";

const LONG = 900;

// One entry per item with everything that decides how it looks, so that what did not change is left alone.
export function entries(view) {
  const labels = new Map(view.topics.map((topic) => [topic.topic_id, topic.label]));
  const hues = new Map([...labels.keys()].map((id, at) => [id, at % 6]));
  let before = null;
  return view.timeline.map((item, at) => {
    const topic = item.kind === "turn" ? item.topic_id : before;
    const starts = item.kind === "turn" && topic !== before;
    before = topic;
    const key = item.kind === "turn" ? `turn ${item.turn_id}` : `${item.kind} ${item.n} ${at}`;
    return { key, item, starts, label: labels.get(topic) ?? "", hue: hues.get(topic) ?? 0 };
  });
}

export function entryNode(entry, page) {
  const { item, starts, label, hue } = entry;
  const node = el(
    "li", { class: `entry hue-${hue}${starts ? " starts" : ""}` },
    starts && el("h3", { class: "topic" }, el("span", { class: "term" }, topicWord(item)), " ", words(label)),
    item.kind === "turn" ? turnNode(item, page) : eventNode(item),
  );
  node.dataset.key = entry.key;
  return node;
}

function topicWord(turn) {
  return { new: "New topic", return: "Back to", stay: "Topic" }[turn.topic_change];
}

function turnNode(turn, page) {
  const id = `turn-${turn.n}`;
  return el(
    "article", { class: `turn ${turn.status}`, id, "aria-labelledby": `${id}-title`, data: { turn: turn.turn_id } },
    el("header", {},
      el("h4", { id: `${id}-title` }, `Turn ${turn.n}`),
      el("span", { class: "act" }, turn.act.replace("_", " ")),
      turn.status !== "closed" && el("span", { class: `status ${turn.status}` }, turn.status === "open" ? "being answered" : turn.status),
      el("span", { class: "quiet" }, facts(turn)),
    ),
    turn.warnings.length > 0 && el("ul", { class: "warnings" }, turn.warnings.map((text) => words(text, "li"))),
    el("dl", {},
      line(turn.speaker ?? "User", said(turn.user, "user")),
      line("Resolved", resolved(turn, page)),
      turn.slots.length > 0 && line("Slots", el("ul", { class: "changes" }, turn.slots.map((change) => el(
        "li", {}, changeText(change), " ", originLink(change.said.origin, originText(change.said.origin), page.goTo, { class: "by" }))))),
      turn.tools.length > 0 && line("Tools", turn.tools.map((tool) => el(
        "details", { class: "tool" }, el("summary", {}, words(tool.name), " ", words(tool.arguments, "code")), words(tool.result ?? "no result yet", "pre")))),
      (turn.reply || turn.status === "open")
        && line("Assistant", turn.reply ? said(turn.reply, "reply") : el("p", { class: "quiet" }, "\u2026")),
      turn.dropped.length > 0 && line("Left out", el("p", { class: "dropped" }, `${droppedText(turn.dropped)} tokens`)),
    ),
    turn.sent !== turn.resolved && el("details", { class: "sent" },
      el("summary", {}, el("span", { class: "term" }, "Sent "), "the message as it went out"), words(turn.sent, "pre")),
    promptDetails(turn, () => page.prompt(turn.turn_id), historyNote(page.session)),
  );
}

function facts(turn) {
  const at = turn.opened_at ? new Date(turn.opened_at * 1000).toLocaleString() : "";
  const took = turn.took_s === null ? "" : `answered in ${turn.took_s.toFixed(1)} s`;
  const by = turn.by ? `by ${turn.by}, confidence ${turn.confidence.toFixed(2)}` : "";
  return [by, at, took].filter(Boolean).join(" \u00b7 ");
}

function line(term, ...described) {
  return [el("dt", {}, words(term)), el("dd", {}, described)];
}

// A long text scrolls in a box of its own, which the keyboard can reach.
function said(text, field) {
  const long = text.length > LONG;
  return words(text, "p", { class: long ? "text long" : "text", tabindex: long ? "0" : null, data: { field } });
}

function resolved(turn, page) {
  if (turn.user === turn.resolved) return el("p", { class: "quiet" }, "left as it is");
  const sources = turn.runs.filter((run) => run.origin);
  return [
    el("p", { class: "text diff", dir: "auto", data: { field: "resolved" } }, turn.runs.map((run) => runNode(run, page))),
    sources.length > 0 && el("ul", { class: "sources" }, sources.map((run) => el(
      "li", {}, words(run.text.trim(), "b"), " from ", originLink(run.origin, originText(run.origin), page.goTo), ` (${run.reason})`))),
  ];
}

function runNode(run, page) {
  if (run.kind === "kept") return words(run.text);
  if (run.kind === "removed") return words(run.text, "del", { class: "removed" });
  return el("ins", { class: "inserted" }, run.origin ? originLink(run.origin, run.text, page.goTo) : words(run.text));
}

function eventNode(event) {
  switch (event.kind) {
    case "slots_set":
      return el("div", { class: "event" }, el("p", {}, "The calling program set slots"),
        el("ul", { class: "changes" }, event.slots.map((change) => el("li", {}, changeText(change)))));
    case "compacted":
      return el("div", { class: "event" }, el("details", {},
        el("summary", {}, `Turns up to ${event.through_n} now stand in prompts as a summary and this state`), words(event.text, "pre")));
    default:
      return el("p", { class: "event" }, `Turn ${event.n} was forgotten; what it said is not shown.`);
  }
}
