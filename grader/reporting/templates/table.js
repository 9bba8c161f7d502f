"use strict";
// Sort the roster by a column. Without this script the table is complete, in the order of the report.
(function () {
  const table = document.getElementById("roster");
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);

  function sort(column, head) {
    const numeric = head.dataset.order === "number";
    const current = head.getAttribute("aria-sort");
    const descending = current ? current === "ascending" : numeric;
    const key = (row) => row.cells[column].dataset.key;
    const compare = numeric
      ? (a, b) => Number(key(a)) - Number(key(b))
      : (a, b) => key(a).localeCompare(key(b), undefined, { numeric: true });
    const rows = Array.from(body.rows).sort(compare);
    if (descending) rows.reverse();
    body.append(...rows);
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  heads.forEach(function (head, column) {
    if (!head.dataset.order) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(column, head));
    head.append(button);
  });
})();
