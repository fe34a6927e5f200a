// Single keys for the desk, only outside fields. A page says what a key presses by data-key; /desk/keys lists them.
(() => {
  const ROWS = "table.queue tbody tr, .rows li", FIELDS = "input, textarea, select";
  const PLACES = { "/": "#desk-q", r: "#body", n: "#note", c: "#compose-clearance" };
  const IN_THE_CASE = "23harncz"; // pressed on a row, these are meant for its workspace
  let before = "";

  const isTyping = (place) => place.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])");
  const row = () => document.activeElement.closest(ROWS);
  const step = (by) => {
    const rows = [...document.querySelectorAll(ROWS)].filter((one) => one.querySelector("a"));
    const next = rows[Math.min(Math.max(rows.indexOf(row()) + by, 0), rows.length - 1)];
    if (next) next.querySelector("a").focus();
  };
  const press = (target) => {
    if (target.matches("summary")) {
      const panel = target.parentElement;
      panel.open = true;
      (panel.querySelector(`.step-body :is(${FIELDS})`) || panel.querySelector("button") || target).focus();
    } else if (target.matches("a, button, [type=checkbox]")) target.click();
    else (target.matches(FIELDS) ? target : target.querySelector(FIELDS) || target).focus();
  };
  const find = (key) => {
    const wanted = `[data-key="${CSS.escape(key)}"]`, here = row();
    if (here && here.matches("tr") && (IN_THE_CASE + "1x").includes(key)) return here.querySelector(wanted);
    return document.querySelector(`main ${wanted}, ${wanted}`) || (PLACES[key] && document.querySelector(PLACES[key]));
  };
  const sheet = async () => {
    const page = new DOMParser().parseFromString(await (await fetch("/desk/keys")).text(), "text/html");
    const dialog = document.createElement("dialog");
    dialog.append(...page.querySelector("main").children);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  const send = (place) => {
    const near = place.closest("details, .composer, fieldset:has(button)") || document.getElementById("compose-reply");
    const within = near && place.form.contains(near) ? near : place.form;
    (within.querySelector("button.btn-primary") || within.querySelector("button")).click();
  };

  document.addEventListener("keydown", (event) => {
    const place = event.target, { key } = event;
    if (key === "Enter" && place.form && (event.ctrlKey || event.metaKey)) return event.preventDefault(), send(place);
    if (key === "Enter" && place.matches(".step-body :is(input, select)")) return event.preventDefault(), send(place);
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(place) || document.querySelector("dialog[open]")) return;
    const said = before ? `${before} ${key}` : key;
    before = key === "g" && !before ? "g" : "";
    if (before) return;
    if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
    if (key === "?") return sheet().catch(() => location.assign("/desk/keys"));
    const target = find(said), link = row() && row().querySelector("a");
    if (target) { event.preventDefault(); press(target); }
    else if (link && IN_THE_CASE.includes(key)) location.assign(`${link.href}#key-${key}`);
  });
  document.addEventListener("DOMContentLoaded", () => {
    const meant = /^#key-(.)$/.exec(location.hash), target = meant && find(meant[1]);
    if (target && !target.matches("button")) press(target);
  });
})();
