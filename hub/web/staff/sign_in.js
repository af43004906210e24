// Name and password.

import { forget, guide } from "/static/site/form.js";

guide({
  path: "/api/v1/session",
  words: { 401: "sign_in.wrong", 422: "sign_in.wrong" },
  wrong: () => forget("password"),
});
