// The overview of those who have no counter: people who wait too long, the way to the boards, and out.

import { ask, Live } from "/static/site/hub.js";
import { hubClock, part } from "/static/site/page.js";
import { drawAlarms } from "/static/staff/alarms.js";
import { drawEmergencies } from "/static/staff/emergency.js";

let queue = null;

function hear(said) {
  hubClock.hear(said.at);
  queue = said;
  drawEmergencies(queue);
  drawAlarms(queue);
}

async function leaveIfSignedOut() {
  const answer = await ask("GET", "/api/v1/session");
  if (answer.status === 401) location.assign("/sign-in");
}

part("sign-out").addEventListener("click", async () => {
  await ask("DELETE", "/api/v1/session");
  location.assign("/sign-in");
});
new Live(
  "/api/v1/events?queue=true",
  { queue: hear, alive: (said) => hubClock.hear(said.at) },
  { ended: leaveIfSignedOut },
);
setInterval(() => queue && drawAlarms(queue), 1000);
