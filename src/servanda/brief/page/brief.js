(async () => {
  "use strict";
  document.getElementById("contents").open = window.innerWidth > 700;
  const specs = JSON.parse(document.getElementById("charts").textContent);
  const refuse = () => Promise.reject(new Error("a brief loads nothing"));
  const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
  await Promise.all(["400 12px Inter", "700 12px Inter"].map((font) => document.fonts.load(font)));
  const places = [...document.querySelectorAll("[data-chart]")];
  await Promise.all(places.map(async (place) => {
    try {
      await vegaEmbed(place, specs[Number(place.dataset.chart)], {
        mode: "vega-lite", renderer: "svg", actions: false, loader,
      });
      place.dataset.drawn = "yes";
    } catch (error) {
      place.textContent = "This chart could not be drawn; the tables hold its figures.";
      console.error(error);
    }
  }));
  document.documentElement.dataset.charts = "done";
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
  });
})();
