// Keeps the draft of a workspace field by field as it is typed, shows what others write, and says who else is here.
// The server decides: a field that somebody else changed meanwhile is never overwritten, both versions are shown.
(() => {
  const form = document.getElementById("work");
  if (!form || !form.dataset.draft) return;
  const PAUSE = 1200, POLL = 15000;
  const status = document.getElementById("draft-status"), here = document.getElementById("here");
  const overtaken = document.getElementById("overtaken");
  const fields = new Map([...form.querySelectorAll("[data-base]")].map((field) => [field.name, field]));
  const typed = new Set(), clashing = new Set(), timers = new Map();
  let last = Promise.resolve(), waiting = 0, place = "", leaving = false;

  const post = async (address, values, headers = {}) => {
    const own = { csrf_token: form.elements.csrf_token.value, version: form.elements.version.value, stamp: form.dataset.stamp };
    const answer = await fetch(address, { method: "POST", headers, body: new URLSearchParams({ ...own, ...values }) });
    if (!(answer.headers.get("Content-Type") || "").includes("json")) throw new Error("no answer to this question");
    return answer.json();
  };
  // One request after the other, so that versions come in their order.
  const queue = (ask) => {
    waiting += 1;
    last = last.then(ask).catch(() => { status.textContent = status.dataset.lost; }).finally(() => { waiting -= 1; });
    return last;
  };

  const take = (said) => {
    let isSame = said.version !== null;
    for (const [name, [words, base]] of Object.entries(said.fields || {})) {
      const field = fields.get(name);
      if (!field || base === field.dataset.base) continue;
      if (typed.has(name)) { isSame = false; continue; } // its own turn will show both
      field.value = words;
      field.dataset.base = base;
    }
    if (isSame && !clashing.size) form.elements.version.value = said.version;
    if (said.version === null) overtaken.hidden = false;
  };

  const settle = (field, base) => {
    field.dataset.base = base;
    clashing.delete(field.name);
    const shown = document.getElementById(`both-${field.name}`);
    if (shown) shown.remove();
  };

  const showBoth = (field, said) => {
    const base = said.fields[field.name] ? said.fields[field.name][1] : field.dataset.base;
    settle(field, field.dataset.base);
    clashing.add(field.name);
    const both = document.getElementById("both-versions").firstElementChild.cloneNode(true);
    both.id = `both-${field.name}`;
    both.querySelector(".theirs").textContent = said.theirs;
    both.addEventListener("click", (event) => {
      const choice = event.target.dataset.take;
      if (!choice) return;
      if (choice === "theirs") field.value = said.theirs;
      settle(field, base);
      typed.add(field.name);
      save(field);
      field.focus();
    });
    field.before(both);
  };

  const save = (field) => queue(async () => {
    clearTimeout(timers.get(field.name));
    if (!typed.has(field.name) || clashing.has(field.name)) return;
    const text = field.value;
    const said = await post(form.dataset.draft, { name: field.name, text, base: field.dataset.base, version: "" });
    status.textContent = said.words;
    if (said.state === "refused") return;
    if (said.state === "conflict") showBoth(field, said);
    else {
      settle(field, said.fields[field.name][1]);
      if (field.value === text) typed.delete(field.name);
    }
    take(said);
    for (const mark of form.querySelectorAll("[id^=void-]")) mark.hidden = !said.void.includes(Number(mark.id.slice(5)));
  });

  form.addEventListener("input", (event) => {
    const field = fields.get(event.target.name);
    if (!field) return;
    typed.add(field.name);
    clearTimeout(timers.get(field.name));
    timers.set(field.name, setTimeout(save, PAUSE, field));
  });
  form.addEventListener("change", (event) => { if (fields.has(event.target.name)) save(event.target); });
  form.addEventListener("submit", (event) => {
    if (!waiting || leaving) return;
    event.preventDefault(); // what is on its way changes the version that this page must name
    const pressed = event.submitter;
    last.finally(() => { leaving = true; form.requestSubmit(pressed); leaving = false; });
  });

  const say = () => queue(async () => {
    if (document.visibilityState !== "visible") return;
    const said = await post(form.dataset.presence, { place }, { "X-Renewal": "1" });
    here.textContent = said.here.join(" · ");
    take(said);
  });
  form.addEventListener("focusin", (event) => {
    const now = fields.has(event.target.name) || event.target.name === "note" ? event.target.name : "";
    if (now !== place) { place = now; say(); }
  });
  setInterval(say, POLL);
  say();
})();
