// Small comforts. Every control works without this file.
document.addEventListener("click", (event) => {
  const dismissed = event.target.closest("[data-dismiss]");
  if (dismissed) dismissed.parentElement.remove();
});

// Tabs that do not fit scroll by themselves: bring the current one into sight.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".nav-tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
});

// A form's error summary, and a fragment that asks for it, get the focus so that a screen reader says them.
const focusIn = (part) => part.querySelector("[data-focus]")?.focus();
document.addEventListener("DOMContentLoaded", () => focusIn(document));
document.addEventListener("htmx:afterSwap", (event) => focusIn(event.detail.target));

// What a polled fragment has to say ({% poll … say=… %}) goes to the screen reader once, when it changes.
const sayFrom = (part) => {
  const words = part?.dataset?.say;
  const said = document.getElementById("said");
  if (words && said && said.textContent !== words) said.textContent = words;
};
document.addEventListener("htmx:load", (event) => sayFrom(event.detail.elt));
