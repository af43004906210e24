// The overview of those who have no counter: for now, the way to the boards and out.

import { ask } from "/static/site/hub.js";
import { part } from "/static/site/page.js";

part("sign-out").addEventListener("click", async () => {
  await ask("DELETE", "/api/v1/session");
  location.assign("/sign-in");
});
