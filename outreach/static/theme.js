// Light, dark or as the system says. The choice stays on this device; the page's bytes stay the same for everybody.
(() => {
  const root = document.documentElement;
  const choice = () => { try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; } };
  const show = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.bsTheme = theme;
    else delete root.dataset.bsTheme;
    for (const b of document.querySelectorAll("[data-theme]")) b.setAttribute("aria-pressed", b.dataset.theme === theme);
  };
  show(choice()); // before the first paint
  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll(".theme-switch")) box.hidden = false;
    show(choice());
  });
  document.addEventListener("click", (event) => {
    const theme = event.target.dataset && event.target.dataset.theme;
    if (!theme) return;
    try { localStorage.setItem("theme", theme); } catch { /* a private window: the choice lasts for this page */ }
    show(theme);
  });
})();
