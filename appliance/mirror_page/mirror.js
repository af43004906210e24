// Asks for each picture after the one that is shown, and tells where it was tapped.

const screen = document.getElementById("screen");
const lost = document.getElementById("lost");
const PAUSE_MS = 1000;

async function follow() {
  let number = 0;
  for (;;) {
    try {
      const answer = await fetch(`picture?after=${number}`, { cache: "no-store" });
      if (answer.status === 200) {
        number = Number(answer.headers.get("X-Picture"));
        show(await answer.blob());
      } else if (answer.status !== 204) {
        throw new Error(answer.statusText);
      }
      lost.hidden = true;
    } catch {
      lost.hidden = false;
      number = 0;
      await new Promise((resume) => setTimeout(resume, PAUSE_MS));
    }
  }
}

function show(blob) {
  const before = screen.src;
  screen.src = URL.createObjectURL(blob);
  if (before) URL.revokeObjectURL(before);
}

screen.addEventListener("pointerdown", (event) => {
  const box = screen.getBoundingClientRect();
  const where = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  fetch("tap", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(where) });
});

follow();
