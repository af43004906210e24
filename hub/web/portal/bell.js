// The phone's bell: a chime and a shake. No browser lets a page make a sound before it was touched: `allow` is that touch.

const CHIME = [
  { at: 0, hertz: 784 },
  { at: 0.25, hertz: 988 },
  { at: 0.5, hertz: 1319 },
];
const TONE_S = 0.6;
const LOUDNESS = 0.5;
const RINGS_AT_S = [0, 2, 4];
const SHAKE_MS = [400, 150, 400, 150, 800];

let sound = null;

/** After a touch: whether the phone can make a sound now. Sounds once, to be heard and set loud enough. */
export async function allow() {
  const Sound = window.AudioContext || window.webkitAudioContext;
  if (!Sound) return false;
  sound = sound ?? new Sound();
  await sound.resume();
  chime(0);
  return sound.state === "running";
}

/** Whether a call would be heard. A phone that has slept may have taken the sound back. */
export function isAllowed() {
  return sound?.state === "running";
}

/** It is the holder's turn. */
export function ring() {
  navigator.vibrate?.(SHAKE_MS);
  sound?.resume().then(() => RINGS_AT_S.forEach(chime), () => {});
}

function chime(inS) {
  for (const { at, hertz } of CHIME) {
    const [tone, volume] = [sound.createOscillator(), sound.createGain()];
    const start = sound.currentTime + inS + at;
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(LOUDNESS, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + TONE_S);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + TONE_S);
  }
}
