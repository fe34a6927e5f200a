// The caller's name is looked up in contacts while it is typed; choosing one fills in outlet, phone and address.
(() => {
  const form = document.getElementById("call"), list = document.getElementById("people");
  if (!form || !list) return;
  let waiting = 0, asked = "";
  const look = async (name) => {
    const answer = await fetch(`${location.pathname}?who=${encodeURIComponent(name)}`, { credentials: "same-origin" });
    if (!answer.ok || asked !== name) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...page.querySelectorAll("#people option"));
  };
  form.who.addEventListener("input", () => {
    const name = form.who.value.trim();
    const chosen = [...list.options].find((option) => option.value === name);
    if (chosen) {
      if (!form.outlet.value) form.outlet.value = chosen.dataset.outlet;
      if (!form.reach.value) form.reach.value = chosen.dataset.reach;
      return;
    }
    clearTimeout(waiting);
    if (name.length > 2) waiting = setTimeout(() => look(asked = name).catch(() => {}), 200);
  });
})();
