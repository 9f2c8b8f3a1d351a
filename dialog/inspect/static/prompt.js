// The prompt of a turn: a bar of its blocks, and its exact text when asked for.

import { el, number, visible, words } from "./dom.js";

const KINDS = { instruction: "instructions", snapshot: "state and summary", turn: "earlier turns", message: "this message" };

export function promptDetails(turn, load, note) {
  if (!turn.blocks.length) {
    return el("p", { class: "quiet" }, "No prompt was laid out for this turn: the client\u2019s own messages were sent.");
  }
  const cached = turn.blocks.filter((block) => block.cached).reduce((sum, block) => sum + block.tokens, 0);
  const share = turn.tokens ? Math.round((100 * cached) / turn.tokens) : 0;
  const facts = `${number(turn.tokens)} of ${number(turn.budget)} tokens (${turn.counter}), ${share}% as in the prompt before`;
  const body = el("div", { class: "blocks" });
  const details = el(
    "details", { class: "prompt" },
    el("summary", {}, el("span", { class: "term" }, "Prompt "), facts, bar(turn.blocks)),
    body,
  );
  details.addEventListener("toggle", async () => {
    if (!details.open || body.childElementCount) return;
    body.replaceChildren(el("p", { class: "quiet" }, "Reading the log\u2026"));
    try {
      const blocks = (await load()).blocks.map(block);
      body.replaceChildren(...(note ? [el("p", { class: "quiet note" }, note)] : []), ...blocks);
    } catch (problem) {
      body.replaceChildren(el("p", { role: "alert" }, problem.message));
    }
  });
  return details;
}

function bar(blocks) {
  const parts = blocks.map((block) => {
    const part = el("span", {
      class: `part ${block.kind}${block.cached ? " cached" : ""}`,
      title: `${name(block)}: ${number(block.tokens)} tokens${block.cached ? ", cached" : ""}`,
    });
    part.style.flexGrow = String(block.tokens);
    return part;
  });
  const sums = Object.entries(KINDS).map(([kind, label]) => {
    const tokens = blocks.filter((block) => block.kind === kind).reduce((sum, block) => sum + block.tokens, 0);
    return tokens && el("span", { class: `key-of ${kind}` }, `${label} ${number(tokens)}`);
  });
  return [el("span", { class: "bar", "aria-hidden": "true" }, parts), el("span", { class: "sums" }, sums.filter(Boolean))];
}

function name(block) {
  return `${block.role}: ${KINDS[block.kind] ?? block.kind}${block.n === null ? "" : ` (turn ${block.n})`}`;
}

function block(sent) {
  const heading = `${name(sent)}, ${number(sent.tokens)} tokens${sent.cached ? ", cached" : ", new"}`;
  return el(
    "section", { class: `block ${sent.kind}` },
    el("h4", {}, heading),
    sent.tools.map((tool) => el(
      "div", { class: "tool" },
      el("p", {}, "tool ", words(tool.name, "b"), " ", words(tool.arguments, "code")),
      words(tool.result ?? "no result yet", "pre"),
    )),
    sent.text === null
      ? el("p", { class: "quiet" }, "The log does not hold this text (any more): it keeps each text with the turn that first sent it, and only so many lines.")
      : sent.text && words(sent.text, "pre"),
  );
}

export function droppedText(dropped) {
  return dropped
    .map((drop) => `${drop.what}${drop.n === null ? "" : ` of turn ${drop.n}`}${drop.name ? ` ${visible(drop.name)}` : ""}: ${number(drop.tokens)}`)
    .join("; ");
}
