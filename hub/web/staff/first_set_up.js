// The first administrator, let in by the one-time code.

import { guide } from "/static/site/form.js";

guide({
  path: "/api/v1/setup",
  words: { 403: "setup.wrong_code", 404: "setup.gone" },
});
