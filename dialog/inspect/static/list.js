// The list of dialogs: one stop for the Tab key, arrows move in it, Enter opens.

import { el, number, words } from "./dom.js";

export class DialogList {
  constructor(box, open) {
    this.box = box;
    this.open = open;
    this.cards = [];
    this.active = 0;
    this.chosen = "";
    box.addEventListener("keydown", (event) => this.pressed(event));
    box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.pick(Number(option.dataset.at));
    });
  }

  show(cards) {
    const on = this.cards[this.active]?.ref;
    this.cards = cards;
    this.active = Math.max(0, cards.findIndex((card) => card.ref === on));
    this.box.replaceChildren(...cards.map((card, at) => this.option(card, at)));
    this.mark();
  }

  choose(ref) {
    this.chosen = ref;
    const at = this.cards.findIndex((card) => card.ref === ref);
    if (at >= 0) this.active = at;
    this.mark();
  }

  option(card, at) {
    const name = card.dialog_id ? words(card.dialog_id, "b") : el("b", { class: "no-id" }, "no id");
    const unwell = card.status && !["closed", "open"].includes(card.status);
    const head = [name, unwell && el("span", { class: `status ${card.status}` }, card.status)];
    const facts = [`${number(card.turns)} ${card.turns === 1 ? "turn" : "turns"}`, ago(card.last_at)].filter(Boolean);
    return el(
      "li", { role: "option", id: `option-${at}`, data: { at, ref: card.ref } },
      el("span", { class: "head" }, head),
      words(card.last || card.topic, "span", { class: "last" }),
      el("span", { class: "facts" }, facts.join(", ")),
    );
  }

  mark() {
    [...this.box.children].forEach((option, at) => {
      option.classList.toggle("active", at === this.active);
      option.setAttribute("aria-selected", String(this.cards[at].ref === this.chosen));
    });
    if (this.cards.length) this.box.setAttribute("aria-activedescendant", `option-${this.active}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  pick(at) {
    this.active = at;
    this.mark();
    if (this.cards[at]) this.open(this.cards[at].ref);
  }

  pressed(event) {
    const last = this.cards.length - 1;
    const to = {
      ArrowDown: Math.min(last, this.active + 1), ArrowUp: Math.max(0, this.active - 1),
      Home: 0, End: last,
      PageDown: Math.min(last, this.active + 10), PageUp: Math.max(0, this.active - 10),
    }[event.key];
    if (to !== undefined) {
      this.active = Math.max(0, to);
      this.mark();
      this.box.children[this.active]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" || event.key === " ") {
      this.pick(this.active);
    } else {
      return;
    }
    event.preventDefault();
  }
}

function ago(seconds) {
  if (!seconds) return "";
  const past = Date.now() / 1000 - seconds;
  if (past < 60) return "just now";
  if (past < 3600) return `${Math.floor(past / 60)} min ago`;
  if (past < 86400) return `${Math.floor(past / 3600)} h ago`;
  return new Date(seconds * 1000).toLocaleDateString();
}
