// Says when an answer did not arrive. The form stays as it was, and sending it again counts once.
const notice = () => document.getElementById("no-connection");
const show = () => {
  const element = notice();
  if (!element) return;
  element.hidden = false;
  element.scrollIntoView({ block: "center" });
};
document.addEventListener("htmx:sendError", show);
document.addEventListener("htmx:timeout", show);
document.addEventListener("htmx:responseError", show);
document.addEventListener("htmx:afterRequest", (event) => {
  const element = notice();
  if (element && event.detail.successful) element.hidden = true;
});
