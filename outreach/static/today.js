// Today renews itself every minute: parts that changed are swapped, focus and scroll stay where they are.
(() => {
  const EVERY = 60000;
  const box = document.getElementById("renewal");
  const button = box.querySelector("button");
  const say = (state) => {
    for (const words of box.querySelectorAll("[data-renewal]")) words.hidden = words.dataset.renewal !== state;
    button.hidden = state === "over";
  };
  const key = (control) => control.href || (control.form && `${control.form.action} ${control.value}`);
  const controls = (part) => [...part.querySelectorAll("a, button")];

  // Where the focus is, a part is swapped only if the same control stands in the new one, which then has the focus.
  const swap = (part, next) => {
    if (part.innerHTML === next.innerHTML) return;
    const held = part.contains(document.activeElement) ? key(document.activeElement) : null;
    const again = held && controls(next).find((control) => key(control) === held);
    if (held && !again) return;
    part.replaceChildren(...next.childNodes);
    if (again) again.focus({ preventScroll: true });
  };

  const renew = async () => {
    if (document.hidden || button.getAttribute("aria-pressed") === "true") return;
    try {
      const answer = await fetch(location.href, { headers: { "X-Renewal": "1" }, cache: "no-store" });
      if (answer.redirected || answer.status === 403) { clearInterval(timer); return say("over"); }
      if (!answer.ok) return; // the next minute may be better
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const control of fresh.querySelectorAll("[autofocus]")) control.removeAttribute("autofocus");
      const [left, top] = [scrollX, scrollY];
      for (const part of document.querySelectorAll("[data-live]")) {
        const next = fresh.getElementById(part.id);
        if (next) swap(part, next);
      }
      scrollTo(left, top);
    } catch { /* no network: the next minute may be better */ }
  };

  box.hidden = false;
  button.addEventListener("click", () => {
    const paused = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", paused);
    say(paused ? "off" : "on");
    if (!paused) renew();
  });
  document.addEventListener("visibilitychange", renew);
  const timer = setInterval(renew, EVERY);
})();
