"use strict";
{
  const filters = document.getElementById("filters");
  const entries = [...document.querySelectorAll("[data-rule]")];
  const selects = [...filters.querySelectorAll("select")];
  const values = (entry, name) => (entry.dataset[name] || "").split("; ").filter(Boolean);
  const filter = () => {
    const fits = (entry) => selects.every((select) => !select.value || values(entry, select.name).includes(select.value));
    for (const entry of entries) entry.hidden = !fits(entry);
    for (const section of document.querySelectorAll("main > section")) {
      const own = [...section.querySelectorAll("[data-rule]")];
      section.hidden = own.length > 0 && own.every((entry) => entry.hidden);
    }
    const shown = entries.filter((entry) => !entry.hidden).length;
    filters.querySelector("output").textContent = shown < entries.length ? `${shown} of ${entries.length} shown` : "";
  };
  for (const select of selects) {
    const known = [...new Set(entries.flatMap((entry) => values(entry, select.name)))];
    if (select.name !== "severity") known.sort();
    for (const value of known) select.add(new Option(value, value));
    select.parentElement.hidden = known.length < 2;
    select.addEventListener("change", filter);
  }
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.hidden = entries.length < 2;

  const search = document.getElementById("search");
  if (search) {
    const rows = [...document.querySelectorAll("#settings tbody tr")].map((row) => [row, row.textContent.toLowerCase()]);
    search.hidden = false;
    search.querySelector("input").addEventListener("input", (event) => {
      const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const [row, text] of rows) row.hidden = !words.every((word) => text.includes(word));
    });
  }
}
