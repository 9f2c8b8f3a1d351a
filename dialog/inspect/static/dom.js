// Elements from plain values. Text goes in as text only: nothing here, or anywhere on the page, parses markup.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  apply(node, attributes);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  apply(node, attributes);
  node.append(...children);
  return node;
}

function apply(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "data") {
      Object.assign(node.dataset, value);
    } else if (value === true) {
      node.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
}

// What a person wrote, isolated so that its writing direction stays its own, and without characters that show nothing.
export function words(text, tag = "bdi", attributes = {}) {
  return el(tag, { dir: "auto", ...attributes }, visible(text));
}

const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

// Control characters and direction overrides as visible signs of one code point each, so that offsets still hold.
export function visible(text) {
  return String(text).replace(UNSEEN, (char) => {
    const code = char.codePointAt(0);
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd";
  });
}

export function number(value) {
  return Math.round(value).toLocaleString("en");
}

export function button(label, onClick, attributes = {}) {
  return el("button", { type: "button", ...attributes, on: { click: onClick } }, label);
}

export function say(text) {
  document.getElementById("say").textContent = text;
}
