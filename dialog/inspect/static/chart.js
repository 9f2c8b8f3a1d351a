// Tokens and cost of each request beside those of the full transcript, as drawings with a table behind them.

import { el, number, svg } from "./dom.js";

const WIDTH = 420, HEIGHT = 150, LEFT = 46, RIGHT = 8, TOP = 10, BOTTOM = 22;

export function charts(view, session) {
  const turns = view.timeline.filter((item) => item.kind === "turn" && item.spent);
  if (!turns.length) {
    return el("p", { class: "quiet" }, "No prompt was laid out for these turns (the client\u2019s own messages were sent), so there is nothing to weigh.");
  }
  const spent = turns.map((turn) => ({ n: turn.n, ...turn.spent }));
  const costs = running(spent, "cost"), transcripts = running(spent, "transcript_cost");
  const counters = new Set(turns.map((turn) => turn.counter));
  counters.add(view.transcript_counter);
  const notes = [
    "Cost is in plain input tokens: 0.1 for a token read from the provider\u2019s cache, 1.25 for one written to it.",
    counters.size > 1 && `Not counted alike: ${[...counters].join(", ")}.`,
    historyNote(session),
    view.missing > 0 && "Turns that left the log are not in the transcript, which is larger than shown.",
    view.earlier > 0 && `Of the ${turns.length} newest turns.`,
  ].filter(Boolean);
  return el(
    "div", { class: "charts" },
    el("div", { class: "pair" },
      figure("Tokens of each request", spent.map((s) => s.n), spent.map((s) => s.tokens), spent.map((s) => s.transcript_tokens), "last"),
      figure("Cost so far", spent.map((s) => s.n), costs, transcripts, "total"),
    ),
    el("p", { class: "legend" },
      el("span", { class: "ours" }, "grounded prompt"), el("span", { class: "theirs" }, "full transcript")),
    notes.map((note) => el("p", { class: "quiet note" }, note)),
    el("details", {}, el("summary", {}, "As a table"), table(spent)),
  );
}

// Whether the prompts are what went out is known to the front door alone.
export function historyNote(session) {
  switch (session.history) {
    case "client":
      return "This proxy sends the client\u2019s own messages (history = client): the prompts are what managed history would send.";
    case "managed":
      return "This proxy sends the client\u2019s own instructions in place of those weighed and shown here.";
    default:
      return "Prompts are as the pipeline laid them out; a transport or proxy that keeps the client\u2019s own messages (history = client) sends those instead.";
  }
}

function running(spent, field) {
  let sum = 0;
  return spent.map((one) => (sum += one[field]));
}

function figure(title, ns, ours, theirs, word) {
  const most = Math.max(1, ...ours, ...theirs);
  const x = (at) => LEFT + (ns.length === 1 ? 0.5 : at / (ns.length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value) => TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM);
  const last = [ours.at(-1), theirs.at(-1)];
  const ratio = last[1] ? (last[0] / last[1]).toFixed(2) : "-";
  const summary = `${word}: ${number(last[0])}, full transcript ${number(last[1])} (${ratio}\u00d7)`;
  const line = (values, name) => [
    svg("polyline", { class: name, points: values.map((value, at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" ") }),
    ...(values.length > 60 ? [] : values.map((value, at) => svg("circle", { class: name, cx: x(at).toFixed(1), cy: y(value).toFixed(1), r: 2.5 },
      titled(`turn ${ns[at]}: ${number(value)}`)))),
  ];
  return el(
    "figure", {},
    el("figcaption", {}, el("b", {}, title), " ", el("span", { class: "quiet" }, summary)),
    svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}. ${summary}` },
      ...[0, 0.5, 1].flatMap((share) => [
        svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(most * share), y2: y(most * share) }),
        label(LEFT - 6, y(most * share) + 4, number(most * share), "end"),
      ]),
      label(LEFT, HEIGHT - 6, `turn ${ns[0]}`, "start"),
      ...(ns.length > 1 ? [label(WIDTH - RIGHT, HEIGHT - 6, `turn ${ns.at(-1)}`, "end")] : []),
      ...line(theirs, "theirs"), ...line(ours, "ours"),
    ),
  );
}

function label(x, y, text, anchor) {
  const node = svg("text", { x, y, "text-anchor": anchor });
  node.textContent = text;
  return node;
}

function titled(text) {
  const node = svg("title");
  node.textContent = text;
  return node;
}

function table(spent) {
  const head = ["Turn", "Tokens", "Cost", "Transcript tokens", "Transcript cost"];
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Tokens and cost by turn" }, el(
    "table", {},
    el("thead", {}, el("tr", {}, head.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, spent.map((one) => el(
      "tr", {}, el("th", { scope: "row" }, String(one.n)),
      [one.tokens, one.cost, one.transcript_tokens, one.transcript_cost].map((value) => el("td", {}, number(value))),
    ))),
  ));
}
