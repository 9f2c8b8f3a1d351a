// Slots: what is known, since when, what it was before, and who said so.

import { el, visible, words } from "./dom.js";
import { originLink, originText } from "./sources.js";

export function valueText(said) {
  if (said.status === "any") return "any";
  if (said.value === null || said.value === undefined) return "nothing";
  return visible(Array.isArray(said.value) ? said.value.join(", ") : String(said.value));
}

export function changeText(change) {
  const value = valueText(change.said);
  const text = { stated: `= ${value}`, negated: `is not ${value}`, cleared: "is cleared", any: "= any" }[change.said.status];
  return [words(change.name, "b"), ` ${text}`];
}

function said(value, goTo) {
  const sure = value.confidence < 1 ? ` (${value.confidence.toFixed(2)})` : "";
  return [words(valueText(value), "b"), sure, " ", originLink(value.origin, originText(value.origin), goTo, { class: "by" })];
}

export function slotTable(slots, goTo) {
  if (!slots.length) return el("p", { class: "quiet" }, "No slots yet.");
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Slots" }, el(
    "table", { class: "slots" },
    el("thead", {}, el("tr", {}, ["Slot", "Now, and who said it", "Must not be", "Before"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, slots.map((slot) => el(
      "tr", { class: slot.in_scope ? "" : "aside", data: { slot: slot.name } },
      el("th", { scope: "row" }, words(slot.name), slot.topic !== null && el("span", { class: "quiet" }, " in ", words(slot.topic))),
      el("td", {}, slot.current ? said(slot.current, goTo) : el("span", { class: "quiet" }, "nothing")),
      el("td", { data: { label: "must not be" } }, list(slot.excluded, goTo)),
      el("td", { data: { label: "before" } }, list(slot.history, goTo)),
    ))),
  ));
}

function list(values, goTo) {
  return values.length ? el("ol", { class: "past" }, values.map((value) => el("li", {}, said(value, goTo)))) : "";
}
