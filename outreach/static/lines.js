// "::" in an answer opens the lines to take; the arrows choose, Enter puts one in, Escape leads back to the words.
(() => {
  const form = document.getElementById("work");
  if (!form || !form.dataset.lines) return;
  let box, answer, from, timer, asked = 0;
  const close = () => { clearTimeout(timer); asked += 1; if (box) box.remove(); box = null; };
  const words = () => answer.value.slice(from, answer.selectionStart);
  const buttons = () => box ? [...box.querySelectorAll("button")] : [];
  const show = async (number) => {
    const mine = ++asked;
    const query = new URLSearchParams({ in: form.dataset.reference, n: number, q: words() });
    let html = "";
    try {
      const found = await fetch(`${form.dataset.lines}?${query}`, { credentials: "same-origin" });
      if (found.ok && !found.redirected) html = await found.text();
    } catch { /* without the network the answer is written by hand */ }
    if (mine !== asked) return;
    if (box) box.remove();
    box = document.createElement("div");
    box.className = "line-found";
    box.setAttribute("role", "status");
    box.innerHTML = html;
    answer.after(box);
  };
  form.addEventListener("input", (event) => {
    const place = /^answers-(\d+)$/.exec(event.target.id || "");
    if (!place) return;
    answer = event.target;
    const before = answer.value.slice(0, answer.selectionStart);
    const start = before.lastIndexOf("::");
    if (start < 0 || before.length - start > 60 || before.slice(start).includes("\n")) { close(); return; }
    from = start + 2;
    clearTimeout(timer);
    timer = setTimeout(() => show(Number(place[1]) + 1), 150);
  });
  form.addEventListener("keydown", (event) => {
    if (!box) return;
    if (event.key === "Escape") { close(); answer.focus(); event.preventDefault(); return; }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = buttons(), at = all.indexOf(document.activeElement);
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    if (!all.length || (at < 0 && event.target !== answer)) return;
    event.preventDefault();
    (next < 0 ? answer : all[Math.min(next, all.length - 1)]).focus();
  });
  form.addEventListener("click", (event) => {
    if (!box || !box.contains(event.target.closest("button"))) return;
    answer.value = answer.value.slice(0, from - 2) + answer.value.slice(answer.selectionStart); // what was typed to find it
  });
})();
