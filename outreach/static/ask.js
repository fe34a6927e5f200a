// What scripts add to the inquiry form and its confirmation. Everything can be sent without them.
(() => {
  const one = (selector) => document.querySelector(selector);
  const KEY = "inquiry", DAY = 24 * 3600 * 1000, FILES = 3, BIGGEST = 10 * 1024 * 1024;
  const store = (what) => { try { return what(localStorage); } catch { return null; } }; // a private window has none
  const forget = () => store((kept) => kept.removeItem(KEY));
  const form = one("form[data-ask]");

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(button.dataset.copy).then(() => { button.textContent = button.dataset.done; }, () => {}));
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  if (one("[data-reference]")) forget(); // it was sent
  // Too many or too large files are told before they travel; sending stays possible.
  const note = one("[data-files]"), files = note && note.closest("form").elements.files;
  if (files) files.addEventListener("change", () => {
    const chosen = [...files.files], said = [];
    if (chosen.length > FILES) said.push(note.dataset.many);
    if (chosen.some((file) => file.size >= BIGGEST)) said.push(note.dataset.big);
    note.textContent = said.join(". ");
    note.hidden = !said.length;
  });
  if (!form) return;

  const typed = () => [...form.elements].filter((e) => e.name && !["hidden", "file", "submit", "button"].includes(e.type) && !["website", "unwanted"].includes(e.name));

  // The parts about an interview and a visit stand there when they are wanted.
  const needs = () => {
    for (const part of form.querySelectorAll("[data-need]")) {
      const wanted = form.querySelector(`[name=need][value=${part.dataset.need}]`).checked;
      if (wanted && part.hidden) part.open = true;
      part.hidden = !wanted;
    }
  };

  // What is typed is kept on this device only when its owner ticks that.
  const box = one("[data-keeps]"), keeps = box && box.querySelector("input");
  const read = () => {
    const kept = JSON.parse(store((s) => s.getItem(KEY)) || "null");
    if (kept && Date.now() - kept.at < DAY) return kept;
    forget();
    return null;
  };
  const keep = () => {
    if (!keeps || !keeps.checked) return;
    const values = typed().map((e) => [e.name, e.value, e.checked]);
    store((s) => s.setItem(KEY, JSON.stringify({ at: Date.now(), values })));
  };
  const restore = (values) => {
    for (const [name, value, checked] of values) {
      for (const e of typed().filter((e) => e.name === name)) {
        if (!["checkbox", "radio"].includes(e.type)) e.value = value;
        else if (e.value === value) e.checked = checked;
      }
    }
  };
  if (keeps) {
    box.hidden = false;
    const kept = read();
    keeps.checked = Boolean(kept);
    if (kept && !one(".error-summary")) { // a form that came back has newer words
      restore(kept.values);
      one("[data-restored]").hidden = false;
    }
    const shown = () => { box.querySelector("[data-clear]").hidden = !keeps.checked; };
    shown();
    keeps.addEventListener("change", () => { shown(); keeps.checked ? keep() : forget(); });
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    for (const button of document.querySelectorAll("[data-clear]")) button.addEventListener("click", () => { forget(); keeps.checked = false; shown(); });
  }
  form.addEventListener("change", needs);
  needs();

  // Without a network the page stays, and the same words can go by mail. A second press tries all the same.
  let warned = false;
  const label = (e) => (e.closest("fieldset.field") && e.closest(".choice") ? e.closest("fieldset.field").querySelector("legend") : e.labels[0]).textContent.trim();
  const said = (e) => (["checkbox", "radio"].includes(e.type) ? e.closest(".choice").textContent.trim() : e.value);
  const mail = () => {
    const lines = typed().filter((e) => (["checkbox", "radio"].includes(e.type) ? e.checked : e.value)).map((e) => `${label(e)}: ${said(e)}`);
    return `mailto:${form.dataset.office}?subject=${encodeURIComponent(form.elements.subject.value)}&body=${encodeURIComponent(lines.join("\r\n"))}`;
  };
  form.addEventListener("submit", (event) => {
    const help = one("[data-offline]");
    if (navigator.onLine !== false || warned || !help) return;
    event.preventDefault();
    warned = true;
    for (const link of help.querySelectorAll("[data-by-mail]")) link.href = mail();
    help.hidden = false;
    help.focus();
  });
})();
