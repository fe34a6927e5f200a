// Today renews itself every minute: parts that changed are swapped, focus and scroll stay where they are.
(() => {
  const box = document.getElementById("renewal");
  const button = box.querySelector("button");
  const isPaused = () => button.getAttribute("aria-pressed") === "true";
  const say = (state) => {
    for (const words of box.querySelectorAll("[data-renewal]")) words.hidden = words.dataset.renewal !== state;
  };
  const key = (control) => control.href || (control.form && control.form.action);

  // A part with the focus is swapped only if the same control stands in the new one, which then has the focus.
  const swap = (part, next) => {
    const held = part.contains(document.activeElement) && key(document.activeElement);
    const again = held && [...next.querySelectorAll("a, button")].find((control) => key(control) === held);
    if (part.innerHTML === next.innerHTML || (held && !again)) return;
    part.replaceChildren(...next.childNodes);
    if (again) again.focus({ preventScroll: true });
  };

  const renew = async () => {
    if (document.hidden || isPaused()) return;
    const answer = await fetch(location.href, { headers: { "X-Renewal": "1" } }).catch(() => null);
    if (answer && answer.redirected) { // signed out
      clearInterval(timer);
      button.hidden = true;
      say("over");
    }
    if (!answer || !answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [left, top] = [scrollX, scrollY];
    for (const part of document.querySelectorAll("[data-live]")) swap(part, fresh.getElementById(part.id));
    scrollTo(left, top);
  };

  box.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", !isPaused());
    say(isPaused() ? "off" : "on");
    renew();
  });
  document.addEventListener("visibilitychange", renew);
  const timer = setInterval(renew, 60000);
})();
