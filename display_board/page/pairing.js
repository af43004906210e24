// Pairs this screen with the hub: shows a code until somebody of the staff has confirmed it. Only for who asked for it.

import { page, say } from "./page.js";

const AGAIN_MS = 2000;
const DONE_MS = 5000;

/** `show(words, forMs)` puts words over the wall. */
export async function pair(show) {
  let secret = null;
  for (;;) {
    const answer = await ask(secret);
    if (answer?.paired) {
      show(say("paired"), DONE_MS);
      setTimeout(() => location.replace(location.pathname), DONE_MS);
      return;
    }
    if (answer?.code) {
      secret = answer.secret;
      show(say("pairing", { code: `${answer.code.slice(0, 3)} ${answer.code.slice(3)}` }), 0);
    } else if (answer?.gone) {
      secret = null;
    }
    await new Promise((resume) => setTimeout(resume, answer?.wait ?? AGAIN_MS));
  }
}

/** Asks for a code, or what has become of the one it has. */
async function ask(secret) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(page.addresses.pair, { method: "POST", headers, body: JSON.stringify({ secret }) });
    if (answer.status === 404) return { gone: true };
    if (answer.status === 429) return { wait: 1000 * Number(answer.headers.get("retry-after") ?? 10) };
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
