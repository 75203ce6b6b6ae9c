// Runs before the page is painted: the automatic theme follows the system, without a flash of the other one.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  if (root.dataset.bsTheme !== "auto") return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  dark.addEventListener("change", follow);
  follow();
})();
