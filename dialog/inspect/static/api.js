// Requests to this server. The key lives in this tab's session storage and travels in a header, never in a URL.

const KEY = "antecedent.key";

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function heldKey() {
  return sessionStorage.getItem(KEY);
}

export function holdKey(key) {
  sessionStorage.setItem(KEY, key);
}

export function dropKey() {
  sessionStorage.removeItem(KEY);
}

export async function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const key = heldKey();
  const headers = { accept: "application/json", ...(key && { authorization: `Bearer ${key}` }) };
  const answer = await fetch(`api/${path}?${query}`, {
    headers, signal, credentials: "omit", redirect: "error", cache: "no-store",
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, body?.error?.message ?? `the server answered ${answer.status}`);
  return body;
}
