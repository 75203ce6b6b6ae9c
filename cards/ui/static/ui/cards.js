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

// Signing in again, in another tab, changes the token that forms and fragments are sent with: the cookie has the present one.
const csrfToken = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = csrfToken() ?? "";
  detail.headers["X-CSRFToken"] = token;
  if (detail.parameters.csrfmiddlewaretoken) detail.parameters.csrfmiddlewaretoken = token;
});

// What went wrong on the way to the server or back is said in words that the page brought (failures.html): once while a
// fragment asks again and again, anew for each click, and until it works again.
const failure = () => document.getElementById("failure");
const sayFailure = (kind, address, isAsked) => {
  if (!failure() || (failure().dataset.kind === kind && !isAsked)) return;
  Object.assign(failure().dataset, { kind, address });
  failure().replaceChildren(document.getElementById(`failure-${kind}`).content.cloneNode(true));
};
const sayFailureOf = (kind, { pathInfo, requestConfig }) => sayFailure(kind, pathInfo.requestPath, requestConfig.verb !== "get");
document.addEventListener("htmx:responseError", ({ detail }) => {
  const isSignedOut = detail.xhr.status === 401 || (detail.xhr.status === 403 && !detail.requestConfig.headers["X-CSRFToken"]);
  sayFailureOf(isSignedOut ? "signed-out" : "failed", detail);
});
document.addEventListener("htmx:sendError", ({ detail }) => sayFailureOf("unreachable", detail));
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const said = failure()?.dataset;
  if (!detail.successful || !said?.kind || (said.kind === "failed" && said.address !== detail.pathInfo.requestPath)) return;
  delete said.kind;
  failure().replaceChildren();
});

// A long form (data-guard) is not left by chance with something unsaved in it, nor sent before it is known to arrive:
// signed out or offline, the page stays with all that was typed.
let sentForm = null;
let isAsking = false;
const isChanged = (field) => {
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return "defaultValue" in field && field.value !== field.defaultValue;
};
const isUnsaved = (form) => form !== sentForm && (document.querySelector(".form-errors") || [...form.elements].some(isChanged));
window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-guard]")].some(isUnsaved)) event.preventDefault();
});
window.addEventListener("pageshow", () => { sentForm = null; });
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const token = form.elements.csrfmiddlewaretoken;
  if (token) token.value = csrfToken() ?? token.value;
  if (!("guard" in form.dataset) || form === sentForm) return;
  event.preventDefault();
  if (isAsking) return;
  isAsking = true;
  try {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) return sayFailure(answer.type === "opaqueredirect" ? "signed-out" : "failed", "", true);
  } catch {
    return sayFailure("unreachable", "", true);
  } finally {
    isAsking = false;
  }
  sentForm = form;
  form.requestSubmit(event.submitter);
});

// A second click while the answer to the first is on its way asks for nothing a second time. After a while it does: a download
// leaves the page where it is.
const AGAIN_MS = 3000;
const sentAt = new WeakMap();
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) [...document.forms].forEach((form) => sentAt.delete(form)); });
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.timeStamp - sentAt.get(event.target) < AGAIN_MS) event.preventDefault();
  else sentAt.set(event.target, event.timeStamp);
});
