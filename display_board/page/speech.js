// Plays announcements, clip after clip and never two at once.

import { page } from "./page.js";

const GAP_S = 0.06;
const LEAD_S = 0.05;
const KEPT = 200;
const WAKE_MS = 3000;

const clips = new Map();
let context = null;
let last = Promise.resolve();

/** Says the clips when all before have been said; tells whether they could be heard. */
export function announce(names) {
  const turn = last.then(() => play(names)).catch(() => "muted");
  last = turn;
  return turn;
}

/** A hand on the remote control: from then on a browser lets a page be heard. */
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => void context?.resume());

async function play(names) {
  if (!names.length) return "muted";
  context ??= new AudioContext();
  if (!(await wake())) return "muted";
  const buffers = (await Promise.all(names.map(load))).filter(Boolean);
  if (!buffers.length) return "muted";
  await schedule(buffers);
  await context.suspend();
  return "spoken";
}

/** A browser may keep a page silent until somebody has touched it. */
async function wake() {
  void context.resume();
  for (let waited = 0; context.state !== "running" && waited < WAKE_MS; waited += 50) {
    await new Promise((resume) => setTimeout(resume, 50));
  }
  return context.state === "running";
}

function schedule(buffers) {
  const volume = context.createGain();
  volume.gain.value = page.volume ?? 1;
  volume.connect(context.destination);
  let at = context.currentTime + LEAD_S;
  let end = null;
  for (const buffer of buffers) {
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(volume);
    source.start(at);
    at += buffer.duration + GAP_S;
    end = source;
  }
  return new Promise((resume) => {
    end.addEventListener("ended", resume);
    setTimeout(resume, (at - context.currentTime + 2) * 1000);
  }).then(() => volume.disconnect());
}

/** A clip that cannot be had is left out. */
async function load(name) {
  if (clips.has(name)) return clips.get(name);
  try {
    const answer = await fetch(page.addresses.clips + name);
    if (!answer.ok) return null;
    const buffer = await context.decodeAudioData(await answer.arrayBuffer());
    clips.set(name, buffer);
    if (clips.size > KEPT) clips.delete(clips.keys().next().value);
    return buffer;
  } catch {
    return null;
  }
}
