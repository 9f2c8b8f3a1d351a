// One dialog on the page: drawn anew where it changed, left alone where it did not.

import { charts } from "./chart.js";
import { button, el, number, words } from "./dom.js";
import { get } from "./api.js";
import { slotTable } from "./slots.js";
import { clear, highlight } from "./sources.js";
import { entries, entryNode } from "./turns.js";

const STEP = 100;

export class DialogPage {
  constructor(place, session, close) {
    this.place = place;
    this.session = session;
    this.turns = STEP;
    this.drawn = new Map();
    this.overview = "";
    this.goTo = (origin) => this.find(origin);
    this.title = el("h1", { tabindex: "-1" });
    this.facts = el("p", { class: "quiet" });
    this.more = button("Show earlier turns", () => this.earlier(), { hidden: true });
    this.gone = el("p", { class: "quiet", hidden: true });
    this.chart = el("div", { class: "card" });
    this.slots = el("div", { class: "card" });
    this.summary = el("div", {});
    this.timeline = el("ol", { class: "timeline", "aria-label": "Timeline" });
    place.replaceChildren(
      el("div", { class: "title" }, button("All dialogs", close, { class: "back" }), this.title, this.facts),
      el("section", { class: "overview", "aria-label": "Overview" }, this.chart, this.slots),
      this.summary, this.gone, this.more, this.timeline,
    );
  }

  async load(ref) {
    const view = await get("dialog", { ref, turns: this.turns });
    this.ref = ref;
    this.mark = view.mark;
    this.draw(view);
    return view;
  }

  prompt(turnId) {
    return get("prompt", { ref: this.ref, turn: turnId });
  }

  async earlier() {
    this.turns += STEP;
    await this.load(this.ref);
  }

  draw(view) {
    this.view = view;
    this.title.replaceChildren(view.card.dialog_id ? words(view.card.dialog_id) : "Dialog without an id");
    this.facts.textContent = `${number(view.card.turns)} ${view.card.turns === 1 ? "turn" : "turns"}, topics: ${view.topics.map((topic) => topic.label).join(" \u00b7 ") || "none"}`;
    this.more.hidden = view.earlier === 0;
    this.more.textContent = `Show earlier turns (${number(view.earlier)})`;
    this.gone.hidden = view.missing === 0;
    this.gone.textContent = `The first ${number(view.missing)} turns have left the log.`;
    const overview = JSON.stringify([view.timeline.map((item) => item.spent), view.slots, view.summaries]);
    if (overview !== this.overview) this.drawOverview(view);
    this.overview = overview;
    this.drawTimeline(view);
  }

  drawOverview(view) {
    const open = this.chart.querySelector("details")?.open;
    this.chart.replaceChildren(el("h2", {}, "Tokens and cost"), charts(view, this.session));
    if (open && this.chart.querySelector("details")) this.chart.querySelector("details").open = true;
    this.slots.replaceChildren(el("h2", {}, "Slots"), slotTable(view.slots, this.goTo));
    this.summary.replaceChildren(...(view.summaries.length ? [el("details", { class: "card summaries" },
      el("summary", {}, `Summary of older turns (${view.summaries.length})`),
      view.summaries.map((known) => el("section", { data: { summary: known.name } },
        el("h3", {}, `Turns ${known.name}, by ${known.by}`), words(known.text, "pre", { data: { field: "summary" } }))))] : []));
  }

  drawTimeline(view) {
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 80;
    const wanted = entries(view);
    const keys = new Set(wanted.map((entry) => entry.key));
    for (const [key, known] of this.drawn) {
      if (!keys.has(key)) {
        known.node.remove();
        this.drawn.delete(key);
      }
    }
    let added = false;
    wanted.forEach((entry, at) => {
      const looks = JSON.stringify(entry);
      const known = this.drawn.get(entry.key);
      let node = known?.node;
      if (known?.looks !== looks) {
        clear();
        node = entryNode(entry, this);
        if (known) takeOver(known.node, node);
        else added = true;
        this.drawn.set(entry.key, { looks, node });
      }
      if (this.timeline.children[at] !== node) this.timeline.insertBefore(node, this.timeline.children[at] ?? null);
    });
    if (atEnd && added && this.seen) this.timeline.lastElementChild?.scrollIntoView({ block: "end" });
    this.seen = true;
  }

  async find(origin) {
    if (origin.kind === "slot") {
      const row = [...this.slots.querySelectorAll("[data-slot]")].find((one) => one.dataset.slot === origin.name);
      if (row) highlight(row, null);
      return;
    }
    if (origin.kind === "summary") {
      const section = [...this.summary.querySelectorAll("[data-summary]")].find((one) => one.dataset.summary === origin.name);
      if (!section) return;
      section.closest("details").open = true;
      highlight(section.querySelector("[data-field]"), origin.span);
      return;
    }
    const oldest = this.view.timeline.find((item) => item.kind === "turn")?.n ?? 1;
    if (origin.n < oldest && this.view.earlier > 0) {
      this.turns += oldest - origin.n + 1;
      await this.load(this.ref);
    }
    const article = [...this.timeline.querySelectorAll("article")].find((one) => one.dataset.turn === origin.turn_id);
    const field = article?.querySelector(`[data-field="${origin.kind}"]`) ?? article?.querySelector('[data-field="user"]');
    if (field) highlight(field, origin.span);
  }
}

// A drawn turn that changed keeps what the reader had opened and where the focus was.
function takeOver(old, fresh) {
  const opened = [...old.querySelectorAll("details")].map((details) => details.open);
  const controls = [...old.querySelectorAll("a, button, summary, [tabindex]")];
  const focused = controls.indexOf(document.activeElement);
  [...fresh.querySelectorAll("details")].forEach((details, at) => (details.open = opened[at] ?? false));
  old.replaceWith(fresh);
  if (focused >= 0) [...fresh.querySelectorAll("a, button, summary, [tabindex]")][focused]?.focus({ preventScroll: true });
}
