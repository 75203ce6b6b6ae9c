// Draws each chart from the figures that stand beside it in the page, in the colours of the theme.
const charts = [];

// A colour of the style sheet as the browser paints it at this moment.
const colour = (name) => {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const painted = getComputedStyle(probe).color;
  probe.remove();
  return painted;
};

const dataset = (series, palette) => ({
  type: series.kind,
  label: series.label,
  data: series.values,
  yAxisID: series.unit ? "share" : "number",
  backgroundColor: series.kind === "bar" ? palette.accent : palette.warn,
  borderColor: palette.warn,
  borderWidth: series.kind === "bar" ? 0 : 2,
  borderRadius: 4,
  maxBarThickness: 44,
  pointRadius: 3,
  spanGaps: true,
  clip: false,
  order: series.kind === "bar" ? 1 : 0,
});

const draw = (canvas) => {
  const figures = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  const palette = {
    accent: colour("--cards-accent"),
    warn: colour("--cards-warn"),
    words: colour("--tblr-secondary"),
    line: colour("--tblr-border-color"),
  };
  const hasShare = figures.series.some((series) => series.unit);
  const axis = (more) => ({ beginAtZero: true, ticks: { color: palette.words, precision: 0 }, ...more });
  const scales = {
    x: { ticks: { color: palette.words }, grid: { display: false } },
    number: axis({ grid: { color: palette.line } }),
  };
  if (hasShare) {
    scales.share = axis({ position: "right", max: 100, grid: { display: false } });
    const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
    scales.share.ticks.callback = (value) => (value % 20 ? "" : percent.format(value / 100));
  }
  const font = getComputedStyle(document.body).fontFamily;
  return new Chart(canvas, {
    data: { labels: figures.labels, datasets: figures.series.map((series) => dataset(series, palette)) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      locale: document.documentElement.lang,
      interaction: { mode: "index", intersect: false },
      font: { family: font },
      scales,
      plugins: {
        legend: { display: hasShare, position: "bottom", labels: { color: palette.words, font: { family: font } } },
      },
    },
  });
};

const drawAll = () => {
  for (const chart of charts.splice(0)) chart.destroy();
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) charts.push(draw(canvas));
};

document.addEventListener("DOMContentLoaded", () => {
  drawAll();
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
});
