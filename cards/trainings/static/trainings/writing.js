// The buttons above a chapter's text write the signs of what they are called, or take them away again. They write as if
// typed, so that the browser can undo it and the preview follows.
const text = document.getElementById("id_text");
const tools = document.getElementById("text-tools").content.firstElementChild;
const LINE = /^((?:#+|-|\d+\.) )?(\**)(.*\S)\2 *$/gm;

const write = (start, end, words) => {
  text.focus();
  text.setSelectionRange(start, end);
  document.execCommand(words ? "insertText" : "delete", false, words);
};

// Bold is two stars around the words, italic one, both three; words of several lines are marked line by line.
const star = (count, words) => {
  let { selectionStart: start, selectionEnd: end } = text;
  const chosen = text.value.slice(start, end);
  const isChosen = chosen.trim() !== "";
  if (isChosen) {
    start += chosen.search(/\S/);
    end = start + chosen.trim().length;
    while (text.value[start - 1] === "*" && text.value[end] === "*") [start, end] = [start - 1, end + 1];
  } else start = end;
  let stars = "";
  const marked = (isChosen ? text.value.slice(start, end) : words).replace(LINE, (_, sign = "", old, bare) => {
    stars = "*".repeat(old.length & count ? old.length - count : old.length + count);
    return sign + stars + bare + stars;
  });
  write(start, end, marked);
  const outer = marked.includes("\n") ? 0 : stars.length;
  text.setSelectionRange(start + outer, start + marked.length - outer);
};

// Headings and lists have their sign at the beginning of each line, in place of another one.
const beginLines = (sign) => {
  const { selectionStart, selectionEnd, value } = text;
  const start = value.slice(0, selectionStart).lastIndexOf("\n") + 1;
  const lines = value.slice(start, selectionEnd).split("\n");
  const isBetween = (line) => lines.length > 1 && !line.trim();
  const isMarked = lines.every((line) => isBetween(line) || line.startsWith(sign));
  const marked = lines.map((line) => (isBetween(line) ? line : (isMarked ? "" : sign) + line.replace(/^(#+|-|\d+\.) /, "")));
  const words = marked.join("\n");
  write(start, selectionEnd, words);
  if (selectionStart !== selectionEnd) text.setSelectionRange(start, start + words.length);
};

// What is still to be typed stays chosen: the address, or the words when there were none.
const link = (words) => {
  const { selectionStart: start, selectionEnd, value } = text;
  const chosen = value.slice(start, selectionEnd).trim();
  const head = `[${chosen || words}](`;
  write(start, selectionEnd, `${head}https://)`);
  if (chosen) text.setSelectionRange(start + head.length, start + head.length + "https://".length);
  else text.setSelectionRange(start + 1, start + 1 + words.length);
};

tools.addEventListener("click", (event) => {
  const { stars, sign, words } = event.target.closest("button")?.dataset ?? {};
  if (stars) star(Number(stars), words);
  else if (sign) beginLines(sign);
  else if (words) link(words);
});
text.before(tools);
